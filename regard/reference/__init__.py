"""The reference documents, written from the definitions that the code runs on."""
