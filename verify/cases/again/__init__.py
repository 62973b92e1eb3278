"""Evidence with the corrections of cases made: what rules then find, what contests come to, which cases are proven."""
