"""The twenty workshops of a year: Tuesdays 9–12 online and Fridays 9.30–14.30 on site, alternating: 80 hours."""

from __future__ import annotations

from typing import NamedTuple


class Offer(NamedTuple):
    """``capacity`` places; ``english`` for a workshop held in English."""

    title: str
    summary: str
    description: str
    led_by: str
    capacity: int
    english: bool = False


# Alternating: the first on a Tuesday, the second on a Friday, and so on.
OFFERS = (
    Offer("Honorare verhandeln", "Wie man eine Zahl nennt und dabei sitzen bleibt.", "Wir rechnen, was ein Konzert wirklich kostet, üben das Gespräch zu zweit und vergleichen echte Angebote.\n\nBitte bringen Sie ein Angebot mit, das Sie einmal angenommen und danach bereut haben.", "Jonas Albrecht", 16),
    Offer("Bühnenpräsenz", "Wie man einen Raum betritt, bevor der erste Ton klingt.", "Ein Vormittag auf der Probebühne: gehen, stehen, warten, beginnen.\n\nBequeme Kleidung; Instrument, Stimme oder Text, eine Minute lang.", "Marlies Thiede", 12),
    Offer("Künstlersozialkasse und Steuern", "Was Freie in den ersten drei Jahren wissen müssen.", "Anmeldung, Beiträge, Fristen; dazu die Steuererklärung, die man selbst machen kann.\n\n- Formulare gemeinsam ausfüllen\n- Fragen vorher per E-Mail", "Hanna Wolters", 20),
    Offer("Probespiel: der Tag und die Nacht davor", "Ein Probespiel vom Wecker bis zum Heimweg.", "Mit Vorhang, Kommission und Rückmeldung. Wer nicht spielen möchte, hört in der Kommission mit.", "Gesine Haverkamp", 8),
    Offer("Förderanträge schreiben", "Von der Idee zum Finanzplan, der aufgeht.", "Wir lesen zwei bewilligte und einen abgelehnten Antrag und schreiben danach den ersten Absatz Ihres eigenen.", "Silke Bielefeld", 16),
    Offer("Gespräche führen", "Zuhören, nachfragen, Nein sagen.", "Übungen für die Gespräche, die man gern verschiebt: mit der Ensembleleitung, der Regie, dem Kollegen am Pult.", "Benno Raschke", 12),
    Offer("Die eigene Biografie", "Drei Sätze, zehn Zeilen, eine Seite.", "Sie bringen Ihren Text mit und gehen mit drei Fassungen nach Hause.", "Arben Hoxha", 14),
    Offer("Lampenfieber", "Was im Körper geschieht und was man damit anfangen kann.", "Atem, Aufmerksamkeit, Vorbereitung. Kein Heilsversprechen, sondern Handwerk.", "Dorothea Kolb", 12),
    Offer("Verträge lesen", "Was dasteht, was fehlt, was man streicht.", "Engagementvertrag, Werkvertrag, Bandübernahme: drei Muster, Zeile für Zeile.", "Wiebke Quandt", 20),
    Offer("Ein Ensemble führen", "Rollen, Geld und die Frage, wer den Bus bestellt.", "Ensembles kommen gern gemeinsam. Wir schreiben eine Vereinbarung, die auch im dritten Jahr noch hält.", "Judith Ahrendt", 10),
    Offer("Website und Material", "Fotos, Ton, Film und was Veranstaltende wirklich ansehen.", "Wir sehen uns zehn Seiten in zehn Minuten an und danach Ihre eigene in Ruhe.", "Carl Falkenberg", 16),
    Offer("Vom Spielplan zur Premiere", "Wer im Theater wann was entscheidet.", "Eine Spielzeit auf einem Blatt: Bauprobe, Konzeptionsgespräch, Endproben. Danach: wo Assistenzen und Hospitanzen zu haben sind.", "Grace Oduya", 12),
    Offer("Working abroad", "Residence, taxes and fees between countries.", "What changes when you work in another country, and what you should ask before you sign. Questions in German are welcome.", "Hélène Moreau", 20, True),
    Offer("Unterrichten als Beruf", "Zwischen Honorarvertrag und eigener Klasse.", "Ein Stundenbild, eine erste Stunde, eine Rückmeldung. Danach: was Musikschulen suchen.", "Stefan Gerlach", 14),
    Offer("Agenturen und Management", "Was sie tun, was sie kosten, wann man sie braucht.", "Zwei Agenturen erzählen, wie sie auswählen; am Ende ist Zeit für Ihre Fragen.", "Wiebke Quandt", 20),
    Offer("Das Regiebuch lesen", "Wie ein Abend aufgeschrieben wird, bevor es ihn gibt.", "Wir lesen drei Regiebücher derselben Szene und stellen sie auf der Probebühne nach. Wer spielt, wer singt, wer schreibt mit: Das wechselt.", "Arne Lorenzen", 10),
    Offer("Urheberrecht und Verwertung", "Wem gehört eine Aufnahme, und wer verdient daran?", "GEMA, GVL, Streaming: was man anmeldet, was man abgibt, was man behält.", "Ansgar Dahlmann", 20),
    Offer("Grenzen setzen", "Nähe, Macht und Respekt im Beruf.", "Ein geschützter Raum für Erfahrungen und ein Überblick, wer hilft. Die Runde bleibt klein.", "Dr. Ines Krolow", 8),
    Offer("Ein Format erfinden", "Musik und Theater für Menschen, die noch nie da waren.", "In Gruppen entsteht bis zum Mittag ein Plan für eine halbe Stunde Kunst an einem ungewöhnlichen Ort.", "Almut Sander", 16),
    Offer("Ein Jahr planen", "Repertoire, Proben, Geld und freie Wochen auf einem Blatt.", "Zum Abschluss: Was bleibt vom Mentoring, und was kommt als Nächstes?", "Renate Thormann", 16),
)  # fmt: skip

ROOMS = ("Kammermusiksaal, Grassistraße", "Probebühne 2, Dittrichring", "Raum 3.07, Grassistraße")
ONLINE_ROOM = "https://raum.hochschule.example/mentoring"
