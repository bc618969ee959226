"""Booking: a stay promised in one page, and a party taken in as it stands at the desk."""
