"""The mentors of the demo data, one by one. All names, theatres and ensembles are invented."""

from __future__ import annotations

from typing import NamedTuple


class Guide(NamedTuple):
    """``fields``, ``topics``, ``instruments`` and ``groups`` (departments) by code, the most important first."""

    name: str
    profession: str
    about: str
    fields: str
    topics: str
    instruments: str
    groups: str
    region: str
    languages: str = "de en"


GUIDES = (
    Guide("Henrike Osterloh", "Solocellistin im Kammerorchester", "Seit fünfzehn Jahren im Orchester, davor drei Probejahre und ein Umweg über ein Streichquartett. Den Umweg würde ich wieder nehmen.", "orchestra chamber-music", "auditions trial-year self-presentation", "violoncello", "strings", "Leipzig"),
    Guide("Tobias Wendland", "leitet ein Kammermusikfestival", "War Geiger, ist Veranstalter, spielt noch bei Freunden. Ein Festival ist zur Hälfte Musik und zur Hälfte eine Liste, auf der auch die Stühle stehen.", "chamber-music culture-management", "projects funding own-ensemble self-presentation", "violin", "strings", "Halle"),
    Guide("Gesine Haverkamp", "stellvertretende Solohornistin", "Ich sitze in Probespielkommissionen und weiß, was man dort hört und was nicht. Meist hört man, ob jemand gern da ist.", "orchestra", "auditions stage-fright trial-year", "horn", "winds-percussion", "Dresden"),
    Guide("Mirjam Rosental", "freie Pianistin und Liedbegleiterin", "Vierzig Konzerte im Jahr, keine Agentur, ein Kalender mit freien Wochen. Die freien Wochen trage ich zuerst ein.", "soloist chamber-music", "freelancing fees competitions", "piano", "piano-conducting voice", "Berlin", "de en fr"),
    Guide("Arne Lorenzen", "Regisseur für Musiktheater", "Ich habe als Hospitant Kaffee geholt und dabei gelernt, wie eine Probe atmet. Mein Regiebuch hat bis heute mehr Fragezeichen als Striche.", "directing opera", "projects networking contracts", "", "dramaturgy voice", "Leipzig"),
    Guide("Jan Marquardt", "Studioleiter eines Opernhauses", "Ich höre dreihundert Vorsingen im Jahr. In Erinnerung bleibt, wer etwas erzählen wollte, nicht, wer fehlerfrei war.", "opera", "applications agencies stage-fright", "piano", "voice piano-conducting", "Dresden"),
    Guide("Pavel Czerny", "Konzertgitarrist und Verlagslektor", "Zwei Standbeine, die sich gut vertragen: morgens Noten anderer Leute, abends die eigenen.", "soloist agency-label", "side-job contracts freelancing", "guitar", "strings", "Chemnitz", "de en"),
    Guide("Ruth Zander", "Kirchenmusikdirektorin", "Leitet drei Chöre und ein Kollegium und hat gelernt, montags nicht ans Telefon zu gehen.", "choir conducting", "family applications teaching", "organ", "church-music", "Erfurt"),
    Guide("Judith Ahrendt", "Gambistin und Ensembleleiterin", "Gründete ihr Ensemble in einer Küche; heute sind sie zu neunt und haben einen Vertrag, den alle gelesen haben.", "early-music chamber-music", "own-ensemble funding networking", "viola-da-gamba", "early-music", "Weimar"),
    Guide("Matthias Baumgart", "Souffleur und Abendspielleiter", "Niemand sieht mich, und alle verlassen sich auf mich. Ich erkläre gern, warum das einer der schönsten Plätze im Theater ist.", "directing opera", "orientation stage-fright applications", "", "dramaturgy voice", "Leipzig", "de en ru"),
    Guide("Silke Bielefeld", "Referentin einer Kulturstiftung", "Ich lese zweihundert Anträge im Jahr und habe früher selbst welche geschrieben. Die meisten scheitern am zweiten Absatz.", "culture-management", "funding projects applications", "flute", "winds-percussion music-education", "Berlin"),
    Guide("Ansgar Dahlmann", "Komponist für Schauspiel und Film", "Schreibt Bühnenmusik, die man erst bemerkt, wenn sie fehlt, und Filmmusik, bei der es ebenso ist.", "composition radio-media", "contracts fees funding", "electronics", "composition dramaturgy", "München"),
    Guide("Birte Eckhoff", "Intendantin eines Stadttheaters", "Ein Spielplan ist ein Versprechen an eine Stadt. Ich kam über die Pressestelle ins Theater und bin geblieben, weil dort alle Berufe unter einem Dach essen.", "theatre-production culture-management", "applications equality contracts", "", "dramaturgy musicology", "Magdeburg"),
    Guide("Carl Falkenberg", "Leiter der Tonabteilung eines Schauspielhauses", "Hat mehr Proben gehört, als die meisten je leiten, und weiß, wann man den Regler nicht anfasst.", "sound-engineering radio-media", "side-job freelancing self-presentation", "electronics", "composition jazz-pop", "Leipzig"),
    Guide("Lydia Fontane", "Mezzosopranistin, freischaffend", "Erst fest am Haus, dann frei, beides mit Kindern. Über das Vorsingen im sechsten Monat rede ich offen.", "opera soloist", "family agencies international fees", "mezzo", "voice", "Leipzig", "de en it"),
    Guide("Stefan Gerlach", "Gitarrist und Musikschulleiter", "Baut seit zehn Jahren eine Musikschule um und unterrichtet weiter, damit er weiß, wovon er redet.", "music-teaching soloist", "teaching projects freelancing", "guitar", "strings music-education", "Jena", "de en es"),
    Guide("Vera Grünwald", "Bratscherin im Streichquartett", "Zwanzig Jahre dasselbe Quartett und immer noch gern. Wir haben gelernt, über Geld zu reden, bevor wir stimmen.", "chamber-music", "own-ensemble fees competitions", "viola", "strings", "Leipzig"),
    Guide("Arben Hoxha", "Musikjournalist im Hörfunk", "Kam über eine Promotion zum Mikrofon und hat das Weglassen erst dort gelernt.", "radio-media musicology", "orientation self-presentation applications", "accordion", "musicology", "Leipzig", "de en"),
    Guide("Dragana Ilić", "Korrepetitorin am Musiktheater", "Spielt, was auf dem Pult liegt, und hört dabei zu. Wer einmal eine ganze Oper am Klavier getragen hat, kennt das Haus.", "opera chamber-music", "applications arriving stage-fright", "piano", "piano-conducting voice", "Gera", "de en ru"),
    Guide("Kerstin Jansson", "Blockflötistin und Verlegerin", "Gibt vergessene Noten heraus und spielt sie selbst zuerst.", "early-music agency-label", "own-ensemble projects family", "recorder", "early-music", "Halle", "de en"),
    Guide("Ole Kamps", "Schlagzeuger im Staatsorchester", "Probejahr bestanden im zweiten Anlauf, spricht offen darüber.", "orchestra", "auditions trial-year health", "percussion", "winds-percussion", "Schwerin"),
    Guide("Nadja Klingenberg", "Dramaturgin an einem Dreispartenhaus", "Ich plane Spielzeiten und kenne die Zeit zwischen den Premieren. Die besten Gespräche führe ich auf der Probe, im Dunkeln, in der siebten Reihe.", "dramaturgy opera", "applications networking contracts", "violin", "dramaturgy voice", "Chemnitz"),
    Guide("Dorothea Kolb", "Sopranistin und Stimmtherapeutin", "Ich verbinde Bühne und Praxis: vormittags Stimmen, die nicht mehr können, abends eine, die noch will.", "opera music-teaching", "health equality agencies", "soprano", "voice", "Leipzig"),
    Guide("Frauke Mahlberg", "Bühnen- und Kostümbildnerin", "Am Anfang steht ein Modell aus Pappe und die Frage, wo in diesem Raum jemand allein ist. Ich zeige gern auch die, die nie gebaut wurden.", "directing", "fees contracts projects", "", "dramaturgy voice", "Leipzig", "de en"),
    Guide("Hélène Moreau", "Cembalistin und Hochschuldozentin im Ausland", "Pendelt zwischen zwei Ländern und rät nicht jedem dazu.", "early-music soloist", "international networking funding", "harpsichord", "early-music", "Basel", "de en fr"),
    Guide("Bente Nissen", "Kantorin und Chorleiterin", "Arbeitet in Teilzeit und leitet trotzdem ein Festival.", "choir conducting", "family projects teaching", "organ", "church-music", "Lübeck"),
    Guide("Grace Oduya", "Produktionsleiterin an einem Staatstheater", "Früher plante ich Tourneen, heute plane ich Premieren. Von der ersten Bauprobe bis zum Abbau ist alles eine Frage davon, wen man wann anruft.", "theatre-production culture-management", "applications networking equality", "", "dramaturgy musicology winds-percussion", "Hamburg", "de en"),
    Guide("Ludwig Pabst", "Posaunist und Arrangeur", "Schreibt für die eigene Bläsergruppe, weil es sonst niemand tat.", "chamber-music jazz-pop", "own-ensemble contracts practice", "trombone", "winds-percussion jazz-pop", "Leipzig"),
    Guide("Wiebke Quandt", "Gründerin einer Künstler_innenagentur", "War Bratscherin und verhandelt heute für andere. Ein gutes Nein ist auch eine Nachricht.", "agency-label", "agencies contracts fees self-presentation", "viola", "strings voice", "Berlin"),
    Guide("Jonas Reinholdt", "Jazzpianist und Produzent", "Drei Alben, zwei Labels, ein Steuerberater. In dieser Reihenfolge, leider.", "jazz-pop composition", "contracts freelancing social-insurance", "piano", "jazz-pop", "Leipzig"),
    Guide("Almut Sander", "Theaterpädagogin und Musikvermittlerin an einem Dreispartenhaus", "Ich erfinde Formate für Menschen, die noch nie da waren. Die wichtigste Probe ist die, in der sie bleiben.", "music-teaching theatre-production", "projects teaching funding", "flute", "music-education dramaturgy", "Dortmund"),
    Guide("Gábor Szabó", "Komponist und Klangkünstler", "Lebt von Aufträgen, Stipendien und einem halben Lehrauftrag.", "composition", "funding projects international", "electronics", "composition", "Berlin", "de en"),
    Guide("Naoki Tanaka", "Kapellmeister und Studienleiter", "Begann als Korrepetitor, dirigiert seit acht Jahren.", "conducting opera", "networking applications stage-fright", "conducting", "piano-conducting", "Kassel", "de en ja"),
    Guide("Renate Thormann", "Dirigentin eines freien Orchesters", "Hat ihr Orchester selbst gegründet und einmal fast verloren. Heute gibt es einen Vorstand, und das ist nicht sie.", "conducting culture-management", "projects funding networking", "conducting", "piano-conducting", "Leipzig"),
    Guide("Kai Uhlig", "Jazzsänger und Coach", "Arbeitet mit Stimmen, die schon etwas erlebt haben.", "jazz-pop", "self-presentation networking stage-fright", "jazz-voice", "jazz-pop voice", "Leipzig"),
    Guide("Saskia Vandenberg", "Oboistin in Elternzeit und Teilzeit", "Sagt, was geht und was nicht.", "orchestra chamber-music", "family auditions health", "oboe", "winds-percussion", "Braunschweig", "de en"),
    Guide("Friederike von Alten", "Musikwissenschaftlerin im Archiv", "Fand ihren Beruf in einem Keller voller Briefe und holt seither andere dort ab.", "musicology", "orientation applications side-job", "harpsichord", "musicology", "Weimar"),
    Guide("Marcus Westphal", "Sänger im Rundfunkchor", "Sang zehn Jahre frei, bevor er fest wurde.", "choir opera", "auditions freelancing applications", "baritone", "voice", "Leipzig"),
    Guide("Hanna Wolters", "Fachberaterin für die Künstlersozialkasse", "Rechnet gern und erklärt es gern.", "culture-management", "social-insurance fees freelancing", "flute", "music-education jazz-pop", "Wilhelmshaven"),
    Guide("Sabine Zeller", "Percussionistin und Gesundheitslehrerin", "Kam über eine Verletzung zu ihrem zweiten Beruf und bringt ihn den Leuten bei, bevor es wehtut.", "orchestra music-teaching", "health practice stage-fright", "percussion", "winds-percussion", "Leipzig"),
)  # fmt: skip

# For more mentors than listed above: professions, by field, topics and department.
PROFESSIONS = (
    ("Geiger_in in einem Stadtorchester", "orchestra", "auditions trial-year", "violin", "strings"),
    ("Flötist_in und Dozent_in", "music-teaching", "teaching health", "flute", "winds-percussion"),
    ("freie Sänger_in", "opera", "agencies fees", "soprano", "voice"),
    ("Jazzbassist_in", "jazz-pop", "freelancing contracts", "electric-bass", "jazz-pop"),
    ("Redakteur_in in der Kulturredaktion", "radio-media", "orientation applications", "piano", "musicology"),
    ("Chorleiter_in", "choir", "teaching projects", "organ", "church-music"),
    ("Produktionsleiter_in an einem Theater", "theatre-production", "contracts projects", "percussion", "dramaturgy"),
    ("Komponist_in für Bühne und Film", "composition", "funding fees", "electronics", "composition"),
    ("Regisseur_in für Musiktheater", "directing", "projects contracts", "piano", "dramaturgy"),
    ("Dramaturg_in an einem Opernhaus", "dramaturgy", "applications networking", "violin", "dramaturgy"),
    ("Bühnenbildner_in", "directing", "fees contracts", "percussion", "dramaturgy"),
    ("Lautenist_in", "early-music", "own-ensemble networking", "lute", "early-music"),
    ("Repetitor_in", "chamber-music", "applications stage-fright", "piano", "piano-conducting"),
)  # fmt: skip
REGIONS = ("Leipzig", "Halle", "Dresden", "Berlin", "Weimar", "Chemnitz", "Hamburg", "Köln")
SOURCES = (
    "Empfehlung aus dem Kollegium",
    "Netzwerktreffen",
    "hat selbst am Mentoring teilgenommen",
    "auf Vorschlag aus dem Kreis der Mentees",
    "Vortrag an der Hochschule",
)
EVIDENCE = {
    1: (
        "seit über zehn Jahren im Beruf, Lebenslauf liegt vor",
        "fünfzehn Jahre Berufserfahrung laut Website",
        "acht Jahre am selben Haus, davor drei Jahre frei",
        "Lebenslauf vom März: zwölf Jahre, zwei Stationen",
        "im Gespräch bestätigt: seit 2009 im Beruf",
    ),
    2: (
        "lebt von der künstlerischen Arbeit, im Gespräch bestätigt",
        "feste Stelle, dazu freie Konzerte",
        "Einkommen etwa zur Hälfte aus Konzerten, zur Hälfte aus Unterricht im Fach",
        "über die Künstlersozialkasse versichert, ausschließlich im erlernten Beruf tätig",
        "unbefristeter Vertrag, laut Website des Hauses",
    ),
    3: (
        "regelmäßige Auftritte und Besprechungen",
        "im Fach bekannt, zwei Empfehlungen",
        "mehrere Produktionen im Rundfunk",
        "leitet ein Ensemble, das in der Region alle kennen",
        "Vortrag auf der Fachtagung, gute Resonanz",
    ),
    4: (
        "Kennenlerngespräch, sehr zugewandt",
        "hat früher selbst von einer Mentorin profitiert",
        "begleitet seit Jahren junge Kolleg_innen im eigenen Haus",
        "fragt viel und erzählt wenig von sich; passt",
        "kennt das Programm von zwei früheren Tandems",
    ),
    5: (
        "ein Treffen im Monat ist möglich, Ehrenamt ist klar",
        "zeitlich gut, am liebsten abends",
        "gern online, zwei Treffen im Jahr vor Ort",
        "keine Vergütung erwartet, Fahrtkosten trägt das Haus",
        "nach der Spielzeitpause ab September",
    ),
}
ON_TOUR = "Ab nächstem Monat für ein Jahr auf Tournee; monatliche Treffen sind nicht mehr sicher."
INTEREST = (
    "Ich hatte selbst eine Mentorin, der ich viel verdanke, und möchte etwas davon weitergeben. An der "
    "Hochschule habe ich vor zwanzig Jahren studiert."
)
