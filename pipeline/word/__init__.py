"""Word documents from the templates in templates/docx."""
