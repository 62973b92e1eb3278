"""Next steps of an auditor: deadlines, addressees and forms of complaints, rights to see papers, and letters."""
