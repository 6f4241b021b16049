"""Web pages and PDFs from templates/html: jinja2 to HTML, WeasyPrint to PDF."""
