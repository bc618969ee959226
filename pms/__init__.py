"""A hotel property-management system, built like a house: imports only ever point down.

The roof      app, cli: create_app() and the commands; nothing imports them
Third floor   front_office, back_office, guest_side, api: the desks where people stand
Second floor  web: what every desk needs: attempt, sign-in, forms, filters, paging
First floor   hotel: the hotel itself, one noun a room, ignorant of Flask
              gateways: the outside world (cards, paper, letters), ignorant of the hotel
The ground    base: database, money, dates, clock, refusal; knows nothing of hotels
The doorstep  __main__, bootstrap: `python3 -m pms run` and `test`, standard library only
"""
