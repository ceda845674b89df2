"""What applicants write: by the field they aim at, in their own voice. {fach} is the study subject."""

from __future__ import annotations

MOTIVATIONS: dict[str, tuple[str, ...]] = {
    "orchestra": (
        "Ich spiele seit zwei Jahren als Aushilfe in einem Stadtorchester und merke, dass mir im Studium "
        "niemand erklärt, wie man aus Aushilfen eine Stelle macht. Mein Hauptfachunterricht in {fach} ist "
        "wunderbar, aber über das Leben hinter dem Probespiel sprechen wir kaum.",
        "Beim dritten Probespiel bin ich wieder vor der zweiten Runde ausgeschieden. Ich weiß, dass ich die "
        "Stellen spielen kann. Ich möchte mit jemandem sprechen, der beide Seiten des Vorhangs kennt.",
        "Eine Akademie hat mir gezeigt, wie sehr ich den Orchesteralltag mag. Jetzt möchte ich wissen, ob ich "
        "darin auch nach zwanzig Jahren noch glücklich wäre, und wie andere das für sich beantwortet haben.",
    ),
    "soloist": (
        "Mit {fach} gibt es kaum feste Stellen. Ich möchte lernen, wie man ein Berufsleben aus vielen kleinen "
        "Teilen baut, ohne dass eines davon immer zu kurz kommt.",
        "Ich habe in diesem Jahr zwölf Konzerte gespielt und bei keinem über mein Honorar verhandelt. Das "
        "soll sich ändern, und ich ahne, dass es dabei nicht nur um Geld geht.",
    ),
    "chamber-music": (
        "Unser Trio besteht seit drei Jahren. Wir proben viel und planen wenig. Ich möchte verstehen, wie ein "
        "Ensemble zu einem Beruf wird und nicht nur zu einer schönen Erinnerung an das Studium.",
        "Nach unserem ersten Wettbewerb kamen Einladungen, und wir wussten nicht, welche wir annehmen sollen. "
        "Ich wünsche mir jemanden, der diesen Weg schon gegangen ist.",
    ),
    "opera": (
        "Ich habe meine ersten Rollen an der Hochschule gesungen und stehe vor der Frage, ob ein Opernstudio, "
        "ein Fest-Engagement oder das freie Singen zu mir passt. Ich möchte diese Entscheidung nicht allein "
        "aus Angst vor dem nächsten Vorsingen treffen.",
        "Im Vorsingen verliere ich in fünf Minuten, was ich in fünf Jahren gelernt habe. Mir geht es um das "
        "Handwerk davor und danach: Material, Agentur, Anfahrt, und wie man ein Nein einordnet.",
    ),
    "choir": (
        "Ich leite seit dem zweiten Semester einen Kirchenchor und liebe diese Arbeit. Ob ich sie als "
        "Hauptberuf will, mit allem, was an Verwaltung dazugehört, möchte ich im Gespräch mit jemandem "
        "herausfinden, der sie ausübt.",
    ),
    "early-music": (
        "In der Alten Musik kennt jeder jeden, nur ich noch niemanden. Ich möchte lernen, wie Ensembles ihre "
        "Leute finden und wie ich mich vorstelle, ohne mich aufzudrängen.",
        "Ich forsche gern in Handschriften und spiele gern abends davor. Ob sich aus beidem ein Beruf machen "
        "lässt, konnte mir bisher niemand sagen.",
    ),
    "jazz-pop": (
        "Ich spiele in drei Bands und unterrichte an zwei Musikschulen. Was mir fehlt, ist ein Plan: Was "
        "davon trägt mich in fünf Jahren noch, und was mache ich nur aus Gewohnheit?",
        "Unser erstes Album ist fertig aufgenommen, und jetzt stehen wir vor Wörtern, die wir nicht kennen: "
        "Vertrieb, Verlag, Verwertung. Ich will das lernen, bevor ich etwas unterschreibe.",
    ),
    "composition": (
        "Meine Stücke werden in der Klasse gespielt und danach nie wieder. Ich möchte verstehen, wie "
        "Komponist_innen an Aufträge kommen und wie sie mit Ensembles so arbeiten, dass es ein zweites Mal gibt.",
        "Ich schreibe am liebsten für Theater und Film. Im Studium ist das ein Nebenweg; ich möchte wissen, "
        "ob es für mich der Hauptweg sein kann.",
    ),
    "conducting": (
        "Dirigieren lernt man an Menschen, und die muss man erst einmal haben. Ich suche jemanden, der mit mir "
        "über Assistenzen, Hospitanzen und die ersten eigenen Projekte nachdenkt.",
    ),
    "music-teaching": (
        "Ich unterrichte gern und erzähle es in der Hochschule trotzdem nur leise. Ich möchte jemanden "
        "kennenlernen, der Konzertbühne und Unterricht verbindet und beides ernst nimmt.",
        "In meinem Praktikum in der Musikvermittlung habe ich zum ersten Mal erlebt, dass nach dem Konzert "
        "Fragen kamen. Davon möchte ich mehr, und ich möchte wissen, wer das bezahlt.",
    ),
    "culture-management": (
        "Ich organisiere seit zwei Jahren eine Konzertreihe im Stadtteil und merke, dass mir diese Arbeit "
        "ebenso viel bedeutet wie das Spielen. Ich möchte herausfinden, ob das ein Beruf für mich ist.",
    ),
    "dramaturgy": (
        "Ich denke gern über Programme nach und rede gern mit denen, die sie spielen. Ich möchte sehen, wie "
        "Dramaturg_innen an einem Haus arbeiten, wenn gerade keine Premiere ist.",
    ),
    "musicology": (
        "Nach der Masterarbeit könnte ich promovieren, zum Rundfunk gehen oder in ein Archiv. Alle drei Wege "
        "kenne ich nur von außen. Ich wünsche mir einen ehrlichen Blick von innen.",
    ),
    "radio-media": (
        "Ich produziere einen kleinen Podcast über Musik aus unserer Stadt. Was als Spaß begann, möchte ich "
        "jetzt lernen: Dramaturgie, Rechte, und wie man davon leben kann.",
    ),
    "sound-engineering": (
        "Ich nehme die Konzerte meiner Freund_innen auf und werde immer öfter dafür gefragt. Ich möchte mit "
        "jemandem aus dem Fach überlegen, ob aus dem Nebenbei ein Standbein wird.",
    ),
    "agency-label": (
        "Ich habe für unser Ensemble Verträge gelesen, die keiner von uns verstand. Das hat mich neugierig auf "
        "die andere Seite des Tisches gemacht.",
    ),
}

GOALS: dict[str, str] = {
    "auditions": "Ein Probespiel so vorbereiten, dass ich am Ende des Tages zufrieden bin, gleich wie es ausgeht.",
    "trial-year": "Wissen, was in einem Probejahr erwartet wird, und worauf Kolleg_innen achten, ohne es zu sagen.",
    "fees": "Ein Honorar nennen können, ohne mich danach zu entschuldigen.",
    "contracts": "Die drei Verträge, die ich am häufigsten bekomme, wirklich verstehen.",
    "social-insurance": "Die Künstlersozialkasse beantragen, bevor das Studium endet.",
    "freelancing": "Einen Jahresplan haben, in dem auch freie Wochen stehen.",
    "networking": "Zehn Menschen kennenlernen, bei denen ich mich in zwei Jahren noch melden würde.",
    "self-presentation": "Eine Website und eine Biografie, die nach mir klingen.",
    "agencies": "Entscheiden, ob eine Agentur zu mir passt, und wie ich sie anspreche.",
    "applications": "Eine Bewerbungsmappe, die ich in einer Stunde anpassen kann.",
    "competitions": "Zwei Wettbewerbe auswählen und drei andere mit gutem Gewissen auslassen.",
    "funding": "Einen Förderantrag von der Idee bis zur Abrechnung einmal ganz durchlaufen.",
    "own-ensemble": "Mit unserem Ensemble klären, wer was tut, und wie wir Geld teilen.",
    "projects": "Mein eigenes Projekt im Sommer auf die Bühne bringen.",
    "stage-fright": "Vor Auftritten besser schlafen.",
    "health": "Üben, ohne dass danach der Rücken schmerzt, und rechtzeitig aufhören können.",
    "practice": "Mein Repertoire für zwei Jahre planen.",
    "family": "Mit jemandem sprechen, der Beruf und Familie verbindet, auch über die schwierigen Tage.",
    "equality": "Lernen, wie ich im Beruf Grenzen setze und wen ich um Rat frage.",
    "international": "Herausfinden, ob ein Jahr im Ausland vor oder nach dem Master klüger ist.",
    "arriving": "Die ungeschriebenen Regeln des deutschen Musiklebens verstehen.",
    "teaching": "Ein Unterrichtskonzept, das nicht nur meinen eigenen Unterricht wiederholt.",
    "side-job": "Ein zweites Standbein finden, das ich gern erzähle.",
    "orientation": "Am Ende des Jahres einen Satz darüber sagen können, wohin ich will.",
}  # fmt: skip

EXPECTATIONS = (
    "Ich wünsche mir ehrliche Rückmeldungen, auch unbequeme. Lob bekomme ich im Unterricht genug.",
    "Jemanden, der Fragen stellt, bevor Antworten kommen. Ich bereite die Treffen vor und bringe Themen mit.",
    "Einblick in einen ganz normalen Arbeitstag: einmal mitkommen dürfen, zuhören, nicht im Weg stehen.",
    "Verbindlichkeit von beiden Seiten. Ich halte Termine ein und freue mich, wenn das umgekehrt auch gilt.",
    "Kein Unterricht und keine Vermittlung von Stellen, sondern ein Gespräch unter vier Augen, in dem auch "
    "Zweifel Platz haben.",
    "Kontakte wären schön, sind mir aber nicht das Wichtigste. Ich möchte vor allem lernen, wie man sie pflegt.",
    "Von den Workshops erwarte ich Handfestes: Steuern, Verträge, Anträge. Vom Mentoring das, was in keinem "
    "Workshop steht.",
    "Eine Person, die nicht an unserer Hochschule arbeitet und mich deshalb nicht benotet.",
    "Dass ich auch sagen darf, was nicht passt, und dass wir dann gemeinsam etwas ändern.",
)  # fmt: skip

SITUATIONS = (
    "In meiner Familie hat vor mir niemand studiert; ich finanziere mein Studium mit Unterrichten.",
    "Ich habe eine kleine Tochter; Treffen am Abend sind für mich nur mit Vorlauf möglich.",
    "Ich lebe mit einer chronischen Erkrankung und plane Wochen deshalb vorsichtiger als andere.",
    "Ich pflege gemeinsam mit meinem Bruder unsere Mutter und bin am Wochenende selten in der Stadt.",
)

FROM_UKRAINE = (
    "Ich bin vor zwei Jahren aus der Ukraine gekommen und noch dabei, mir hier ein Netz aufzubauen."
)

FOR_THE_MENTOR = (
    "Ich bin eher leise, bis ich jemanden kenne. Danach muss man mich manchmal bremsen.",
    "Am liebsten rede ich beim Gehen. Ein Treffen im Park wäre mir lieber als eines im Büro.",
    "Ich bringe zu jedem Treffen drei Fragen mit. Wenn eine davon offen bleibt, ist das kein Fehler.",
    "Mich interessiert, was Sie heute anders machen würden.",
    "Ich habe großen Respekt vor Ihrer Arbeit und möchte trotzdem widersprechen dürfen.",
    "Ich suche keine Abkürzung, sondern jemanden, der die Strecke kennt.",
    "Zurzeit zweifle ich mehr, als ich übe. Darüber möchte ich offen sprechen können.",
    "Ich schreibe lieber als zu telefonieren und antworte am selben Tag.",
    "Ich freue mich auf einen Blick von außen auf das, was mir selbstverständlich geworden ist.",
    "Ich koche guten Kaffee und bringe ihn mit.",
    "",
    "",
)

FROM_ABROAD = (
    "Deutsch ist meine dritte Sprache. Bitte sagen Sie mir, wenn etwas unhöflich klingt; es ist nie so "
    "gemeint."
)

TALK_PLACES = (
    "Raum 2.14, Dittrichring",
    "Besprechungsraum der Koordination, 1. Stock",
    "online, der Zugang kommt am Vortag",
)
REJECTIONS = (
    "Wir hatten in diesem Jahr fast doppelt so viele Bewerbungen wie Plätze. Bewerben Sie sich gern wieder.",
    "Im Gespräch hatten wir den Eindruck, dass ein Jahr später ein besserer Zeitpunkt für Sie sein könnte.",
    "",
)
MENTEE_WORDS = (
    "Das klingt sehr passend, ich freue mich auf das Kennenlernen.",
    "Gern. Von den Podien an der Hochschule kenne ich den Namen und habe seitdem viele Fragen.",
    "Ja, sehr gern, besonders wegen der Erfahrung mit eigenen Projekten.",
    "",
)
MENTOR_WORDS = (
    "Ich freue mich auf das erste Treffen. Vor der Premiere am Monatsende geht es nur online.",
    "Sehr gern. Mein erstes Tandem hat mir selbst viel gegeben.",
    "",
    "Gern, bitte nicht montags.",
)
DECLINES = (
    "Im Winter bin ich sechs Wochen auf Tournee. Im nächsten Durchgang gern wieder.",
    "Wir kennen uns aus einer gemeinsamen Produktion; mir fehlt der nötige Abstand.",
)
QUESTIONS = (
    "Wäre es möglich, dass wir uns bis Februar nur online treffen? Danach bin ich wieder vor Ort.",
)
AGENDAS = (
    "Kennenlernen: Wer sind wir, was erwarten wir voneinander, wie oft treffen wir uns?",
    "Meine Biografie in drei Fassungen, und welche ich wem schicke.",
    "Rückblick auf das Probespiel: Was war gut, was übe ich anders?",
    "Honorare: ein echtes Angebot von mir, das wir gemeinsam lesen.",
    "Jahresplan bis zum Sommer; was lasse ich weg?",
    "Förderantrag für unser Projekt, zweite Fassung.",
    "Hospitation: ein Probentag, danach eine Stunde Gespräch.",
    "Lampenfieber: was hilft Ihnen, was hilft mir?",
)
PLACES = (
    "online",
    "Café am Neumarkt",
    "Foyer des Konzerthauses",
    "Kantine der Oper",
    "Clara-Park, am Teich",
)
LEFT = "Ein Auslandsjahr kam dazwischen; der Abschied war freundlich."
