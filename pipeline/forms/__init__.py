"""附件4 out to the groups and back: forms, reminders, parsing, matching, merging."""
