"""Posts that were written elsewhere, in a sheet, a calendar or on a web site, become campaign files to be looked at."""
