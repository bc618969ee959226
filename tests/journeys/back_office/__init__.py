"""The house behind the desk: bills, nights and rooms."""
