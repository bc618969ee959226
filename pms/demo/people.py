"""People who don't exist: guests from many places, their names as they write them."""

from typing import NamedTuple


class Person(NamedTuple):
    """A guest to be: Latin letters for the register, the own script beside it."""

    given: str
    surname: str
    country: str
    language: str
    native: str | None = None


PEOPLE = (
    Person("Ana", "Dvořáková", "CZE", "cs"),
    Person("Søren", "Østergård", "DNK", "da"),
    Person("Zoë", "Lefèvre", "FRA", "fr"),
    Person("Łukasz", "Wiśniewski", "POL", "pl"),
    Person("Nguyễn Thị", "Minh Châu", "VNM", "vi", "Nguyễn Thị Minh Châu"),
    Person("Haruka", "Satō", "JPN", "ja", "佐藤 遥"),
    Person("Kenji", "Watanabe", "JPN", "ja", "渡辺 健二"),
    Person("Leila", "Haddad", "LBN", "ar", "ليلى حداد"),
    Person("Omar", "al-Masri", "EGY", "ar", "عمر المصري"),
    Person("Noa", "Ben-David", "ISR", "he", "נועה בן־דוד"),
    Person("Eleni", "Papadopoulou", "GRC", "el", "Ελένη Παπαδοπούλου"),
    Person("Giorgos", "Nikolaidis", "GRC", "el", "Γιώργος Νικολαΐδης"),
    Person("Oleksandra", "Kovalenko", "UKR", "uk", "Олександра Коваленко"),
    Person("Dmytro", "Shevchuk", "UKR", "uk", "Дмитро Шевчук"),
    Person("Meiling", "Chen", "TWN", "zh", "陳美玲"),
    Person("Wei", "Zhang", "CHN", "zh", "张伟"),
    Person("Ji-woo", "Kim", "KOR", "ko", "김지우"),
    Person("Ananya", "Sharma", "IND", "hi", "अनन्या शर्मा"),
    Person("Siriporn", "Chaiyasit", "THA", "th", "ศิริพร ชัยสิทธิ์"),
    Person("Tamar", "Kapanadze", "GEO", "ka", "თამარ კაპანაძე"),
    Person("Aram", "Petrosyan", "ARM", "hy", "Արամ Պետրոսյան"),
    Person("Þórdís", "Jónsdóttir", "ISL", "is"),
    Person("Ståle", "Bjørnstad", "NOR", "nb"),
    Person("Åsa", "Lindqvist", "SWE", "sv"),
    Person("Päivi", "Mäkelä", "FIN", "fi"),
    Person("Jürgen", "Großmann", "DEU", "de"),
    Person("Annegret", "Müller-Lüdenscheidt", "DEU", "de"),
    Person("Friederike", "Weiß", "DEU", "de"),
    Person("Torben", "Hansen", "DEU", "de"),
    Person("Mehmet", "Yıldız", "TUR", "tr"),
    Person("İrem", "Çelik", "TUR", "tr"),
    Person("João", "Gonçalves", "PRT", "pt"),
    Person("Inês", "Conceição", "PRT", "pt"),
    Person("José María", "Núñez Ibáñez", "ESP", "es"),
    Person("Begoña", "Etxeberria", "ESP", "eu"),
    Person("Chiara", "D'Angelo", "ITA", "it"),
    Person("Niccolò", "Ferrari", "ITA", "it"),
    Person("Siobhán", "Ní Dhomhnaill", "IRL", "ga"),
    Person("Angharad", "Llywelyn", "GBR", "cy"),
    Person("Charlotte", "Featherstonehaugh", "GBR", "en"),
    Person("Kwame", "Mensah", "GHA", "en"),
    Person("Chinwe", "Okonkwo", "NGA", "en"),
    Person("Thandiwe", "Nkosi", "ZAF", "zu"),
    Person("Tiago", "Araújo", "BRA", "pt"),
    Person("Valentina", "Muñoz", "CHL", "es"),
    Person("Xóchitl", "Hernández", "MEX", "es"),
    Person("Jean-Baptiste", "Tremblay", "CAN", "fr"),
    Person("Emily", "Nakamura-O'Brien", "USA", "en"),
    Person("Marcus", "Washington", "USA", "en"),
    Person("Keanu", "Kahananui", "USA", "en"),
    Person("Liam", "Te Ariki", "NZL", "mi"),
    Person("Ștefan", "Țăranu", "ROU", "ro"),
    Person("Gergő", "Szőke", "HUN", "hu"),
    Person("Živa", "Žnidaršič", "SVN", "sl"),
    Person("Đorđe", "Đukić", "SRB", "sr", "Ђорђе Ђукић"),
    Person("Petar", "Dimitrov", "BGR", "bg", "Петър Димитров"),
    Person("Jānis", "Bērziņš", "LVA", "lv"),
    Person("Rūta", "Žukauskaitė", "LTU", "lt"),
    Person("Õnne", "Põld", "EST", "et"),
    Person("Reinhilde", "Van den Broeck", "BEL", "nl"),
    Person("Sanne", "de Vries", "NLD", "nl"),
    Person("Beat", "Zürcher", "CHE", "de"),
    Person("Aurélie", "Rochat", "CHE", "fr"),
    Person("Resi", "Hörbiger", "AUT", "de"),
)

FIRMS = (
    ("NORDWIND", "Nordwind Energie AG", "Hafenstraße 12, 20457 Hamburg"),
    ("SPREE", "Spree Consulting GmbH", "Köpenicker Straße 40, 10179 Berlin"),
    ("KOWALSKI", "Atelier Kowalski sp. z o.o.", "ul. Złota 5, 00-019 Warszawa"),
    ("SAKURA", "Sakura Trading KK", "1-2-3 Marunouchi, Chiyoda-ku, Tōkyō"),
)
