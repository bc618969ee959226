"""Companies: firms and agencies, with who stays for them."""
