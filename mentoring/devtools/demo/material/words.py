"""Texts of applicants, by career field. {fach} is replaced by the study subject."""

from __future__ import annotations

# More of each than one cohort needs, so that no two people in a list have the same text. By career field, and
# by field and department where only its students would write so.
MOTIVATIONS: dict[str, tuple[str, ...]] = {
    "orchestra": (
        "Ich spiele seit zwei Jahren als Aushilfe in einem Stadtorchester und merke, dass mir im Studium "
        "niemand erklärt, wie man aus Aushilfen eine Stelle macht. Mein Hauptfachunterricht in {fach} ist "
        "wunderbar, aber über das Leben hinter dem Probespiel sprechen wir kaum.",
        "Beim dritten Probespiel bin ich wieder vor der zweiten Runde ausgeschieden. Ich weiß, dass ich die "
        "Stellen spielen kann. Ich möchte mit jemandem sprechen, der beide Seiten des Vorhangs kennt.",
        "Eine Akademie hat mir gezeigt, wie sehr ich den Orchesteralltag mag. Jetzt möchte ich wissen, ob ich "
        "darin auch nach zwanzig Jahren noch glücklich wäre, und wie andere das für sich beantwortet haben.",
        "In meiner Familie ist niemand Musiker_in. Wenn ich erzähle, dass sich auf eine Stelle hundertzwanzig "
        "Leute bewerben, raten mir alle zu einem Plan B. Ich hätte gern jemanden, der mit mir an Plan A arbeitet.",
        "Ich habe ein Zeitvertragsjahr vor mir und möchte es nutzen: zuhören, Fragen stellen, nicht nur "
        "fehlerfrei durchkommen. Dafür wünsche ich mir jemanden außerhalb des eigenen Orchesters.",
        "In manchen Monaten ist für {fach} keine einzige Stelle ausgeschrieben. Ich möchte lernen, wie man sich "
        "auf etwas vorbereitet, das vielleicht lange nicht kommt, ohne dabei das Leben aufzuschieben.",
        "Im Jugendorchester war ich glücklich, im Studium habe ich das Spielen im Tutti fast verlernt. Ich "
        "möchte wieder dorthin, und ich möchte wissen, worauf Stimmführer_innen wirklich achten.",
        "Nach einer Sehnenentzündung habe ich ein halbes Jahr pausiert. Ich spiele wieder, vorsichtiger und "
        "besser, und frage mich, wie man im Orchester über so etwas spricht.",
    ),
    "soloist": (
        "Mit {fach} gibt es kaum feste Stellen. Ich möchte lernen, wie man ein Berufsleben aus vielen kleinen "
        "Teilen baut, ohne dass eines davon immer zu kurz kommt.",
        "Ich habe in diesem Jahr zwölf Konzerte gegeben und bei keinem über mein Honorar verhandelt. Das "
        "soll sich ändern, und ich ahne, dass es dabei nicht nur um Geld geht.",
        "Bisher hat immer jemand für mich entschieden, was ich als Nächstes aufführe: Lehrende, Wettbewerbe, "
        "Prüfungsordnungen. Ich möchte herausfinden, was ich will, wenn niemand etwas vorschreibt.",
        "Nach einem zweiten Preis dachte ich, jetzt ruft jemand an. Es rief niemand an. Ich möchte verstehen, "
        "wie aus einem guten Konzert das nächste wird.",
        "Ich stelle gern Programme zusammen, die etwas erzählen, und bekomme dafür viel Lob und wenige "
        "Termine. Mir fehlt jemand, der mir sagt, an wen man so etwas schickt und in welchem Ton.",
    ),
    "chamber-music": (
        "Unser Trio besteht seit drei Jahren. Wir proben viel und planen wenig. Ich möchte verstehen, wie ein "
        "Ensemble zu einem Beruf wird und nicht nur zu einer schönen Erinnerung an das Studium.",
        "Nach unserem ersten Wettbewerb kamen Einladungen, und wir wussten nicht, welche wir annehmen sollen. "
        "Ich wünsche mir jemanden, der diesen Weg schon gegangen ist.",
        "In unserem Quartett streiten wir über Tempi und meinen eigentlich die Frage, wer nach dem Examen in "
        "der Stadt bleibt. Ich möchte lernen, solche Gespräche rechtzeitig zu führen.",
        "Ich organisiere für unser Ensemble alles: Noten, Züge, Rechnungen. Ich tue es gern und komme kaum noch "
        "zum Üben. Wie andere das teilen, würde ich gern hören, bevor ich zu müde dafür bin.",
        "Kammermusik ist für mich die genaueste Art, mit Menschen zu reden. Ob man davon leben kann, hat mir "
        "noch niemand ohne Schulterzucken beantwortet.",
    ),
    "opera/voice": (
        "Ich habe meine ersten Rollen an der Hochschule gesungen und stehe vor der Frage, ob ein Opernstudio, "
        "ein Fest-Appointment oder das freie Singen zu mir passt. Ich möchte diese Entscheidung nicht allein "
        "aus Angst vor dem nächsten Vorsingen treffen.",
        "Im Vorsingen verliere ich in fünf Minuten, was ich in fünf Jahren gelernt habe. Mir geht es um das "
        "Handwerk davor und danach: Material, Agentur, Anfahrt, und wie man ein Nein einordnet.",
        "Ein halbes Jahr als Gast im Chor eines Stadttheaters hat mir das Haus von innen gezeigt: die "
        "Kantine, die Dienstpläne, die Freundlichkeit der Technik. Ich möchte dorthin zurück und weiß nicht wie.",
        "Meine Stimme verändert sich gerade, und alle haben eine Meinung dazu. Ich suche keinen weiteren "
        "Unterricht, sondern jemanden, der Fachwechsel und Geduld aus dem eigenen Leben kennt.",
    ),
    "opera/piano-conducting": (
        "Ich sitze in jeder Produktion am Klavier und kenne alle Partien, nur nicht meine eigene. Ich möchte "
        "herausfinden, wohin man aus dem Orchestergraben heraus gehen kann.",
        "Korrepetition ist der Beruf, den alle brauchen und niemand bewirbt. Ich möchte wissen, wie man darin "
        "anfängt, ohne darin zu verschwinden.",
        "Bei einer szenischen Probe durfte ich zwanzig Minuten lang übernehmen. Seitdem möchte ich an ein "
        "Theater und würde gern mit jemandem reden, der dort klein angefangen hat.",
    ),
    "opera": (
        "Ich liebe Proben mehr als Premieren. Ob das für den Beruf ein Vorteil ist oder ein Hindernis, möchte "
        "ich mit jemandem besprechen, der schon viele Produktionen gesehen hat.",
        "Am Musiktheater arbeiten so viele Menschen, die man nie sieht. Ich möchte herausfinden, ob mein "
        "Platz auf der Bühne ist oder neben dem Inspizientenpult.",
    ),
    "choir": (
        "Ich leite seit dem zweiten Semester einen Kirchenchor und liebe diese Arbeit. Ob ich sie als "
        "Hauptberuf will, mit allem, was an Verwaltung dazugehört, möchte ich im Gespräch mit jemandem "
        "herausfinden, der sie ausübt.",
        "Ich singe professionell im Chor und leite nebenbei einen Chor von Menschen, die keine Noten lesen. "
        "Beides macht mich glücklich, und ich möchte nicht eines davon als Vorstufe behandeln müssen.",
        "Wer heute einen Chor im Hauptberuf leiten will, soll auch Fundraising, Kinderchor und Gemeindebrief "
        "können. Ich hätte gern jemanden, der mir sagt, was davon wirklich zählt.",
        "Die Kantorei meiner Heimatstadt sucht seit zwei Jahren. Ich könnte mich bewerben und habe Respekt "
        "davor, mit fünfundzwanzig für achtzig Menschen zuständig zu sein.",
    ),
    "early-music": (
        "In der Alten Musik kennen sich alle, nur mich kennt niemand. Ich möchte lernen, wie Ensembles ihre "
        "Leute finden und wie ich mich vorstelle, ohne mich aufzudrängen.",
        "Ich forsche gern in Handschriften und spiele gern abends davor. Ob sich aus beidem ein Beruf machen "
        "lässt, konnte mir bisher niemand sagen.",
        "Ich bin über Umwege zu {fach} gekommen und spiele heute auf einem geliehenen Instrument. Ich möchte "
        "mit jemandem rechnen und träumen: was ein eigenes kostet und was es möglich macht.",
        "Wir sind zu fünft, spielen Musik des 17. Jahrhunderts und proben in einer Küche. Ich möchte wissen, "
        "was der Schritt nach der Küche ist.",
    ),
    "jazz-pop": (
        "Ich spiele in drei Bands und unterrichte an zwei Musikschulen. Was mir fehlt, ist ein Plan: Was "
        "davon trägt mich in fünf Jahren noch, und was mache ich nur aus Gewohnheit?",
        "Unser erstes Album ist fertig aufgenommen, und jetzt stehen wir vor Wörtern, die wir nicht kennen: "
        "Vertrieb, Verlag, Verwertung. Ich will das lernen, bevor ich etwas unterschreibe.",
        "Auf der Bühne rede ich mit allen, am Telefon mit Clubs bekomme ich kein Wort heraus. Ich möchte "
        "herausfinden, wie man Konzerte bucht, ohne sich zu verkleiden.",
        "In fast jeder Session bin ich die jüngste Person im Raum und habe gelernt, laut zu zählen. Ich wünsche "
        "mir jemanden, mit dem ich darüber reden kann, wie man freundlich bleibt und hartnäckig.",
        "Ich schreibe eigene Stücke und traue mich selten, sie anzusagen. In der Band kann man sich gut hinter "
        "den anderen verstecken; das möchte ich nicht mehr.",
        "Meine Streamingzahlen sind schön anzusehen und bezahlen kein Mittagessen. Ich möchte verstehen, wovon "
        "Kolleg_innen leben, deren Musik ich bewundere.",
    ),
    "composition": (
        "Meine Stücke werden in der Klasse gespielt und danach nie wieder. Ich möchte verstehen, wie "
        "Komponist_innen an Aufträge kommen und wie sie mit Ensembles so arbeiten, dass es ein zweites Mal gibt.",
        "Ich schreibe am liebsten für Theater und Film. Im Studium ist das ein Nebenweg; ich möchte wissen, "
        "ob es für mich der Hauptweg sein kann.",
        "Ein Ensemble hat mich gefragt, was ich für zehn Minuten Musik nehme, und ich habe drei Tage nicht "
        "geantwortet. Beim nächsten Mal möchte ich eine Zahl haben und wissen, warum.",
        "Ich habe vier Stipendien beantragt und keines bekommen. Die Absagen klingen alle gleich. Ich möchte "
        "mit jemandem auf meine Anträge sehen, der auf der anderen Seite gesessen hat.",
        "Zwischen Theorieunterricht, Arrangements und eigenen Stücken weiß ich abends oft nicht, was ich "
        "eigentlich bin. Ich glaube, darüber müsste man einmal länger reden als eine Pause lang.",
    ),
    "conducting": (
        "Dirigieren lernt man an Menschen, und die muss man erst einmal haben. Ich suche jemanden, der mit mir "
        "über Assistenzen, Hospitanzen und die ersten eigenen Projekte nachdenkt.",
        "Ich habe ein Studierendenorchester gegründet und leite es im vierten Semester. Was ich nicht kann: "
        "aufhören, alles selbst zu machen.",
        "Vor dem Orchester bin ich ruhig, vor einem Vorstellungsgespräch nicht. Kapellmeisterstellen gibt es "
        "wenige; ich möchte wissen, wie andere in diesen Beruf hineingeraten sind.",
    ),
    "music-teaching": (
        "Ich unterrichte gern und erzähle es in der Hochschule trotzdem nur leise. Ich möchte jemanden "
        "kennenlernen, der Konzertbühne und Unterricht verbindet und beides ernst nimmt.",
        "In meinem Praktikum in der Musikvermittlung habe ich zum ersten Mal erlebt, dass nach dem Konzert "
        "Fragen kamen. Davon möchte ich mehr, und ich möchte wissen, wer das bezahlt.",
        "Vierzehn Schüler_innen, zwei Orte, ein Honorarvertrag ohne Ferien: So sieht meine Woche aus. Ich "
        "möchte nicht weniger unterrichten, sondern besser gestellt.",
        "Ich möchte mit Kindern arbeiten, die sonst kein Instrument lernen würden. Wie man so etwas aufbaut, "
        "ohne nach einem Jahr ausgebrannt zu sein, lernt man nicht im Seminar.",
        "Ich werde {fach} unterrichten, das weiß ich. Ich weiß noch nicht, ob an einer Musikschule, in "
        "einem Konzerthaus oder in eigener Regie, und würde gern alle drei Wege von innen sehen.",
        "Eine meiner Schülerinnen hat neulich besser improvisiert als ich. Seitdem frage ich mich, was ich ihr "
        "eigentlich beibringe, und finde die Frage großartig.",
    ),
    "culture-management": (
        "Ich organisiere seit zwei Jahren eine Konzertreihe im Stadtteil und merke, dass mir diese Arbeit "
        "ebenso viel bedeutet wie das Spielen. Ich möchte herausfinden, ob das ein Beruf für mich ist.",
        "Im Studierendenrat habe ich gelernt, Sitzungen zu leiten und Haushalte zu lesen. Beides fiel mir "
        "leichter als jede Prüfung. Ich möchte ernst nehmen, was das über mich sagt.",
        "Unser Sommerfestival hatte dreihundert Gäste und am Ende neunzig Euro Verlust. Ich möchte es wieder "
        "machen und diesmal vorher rechnen können.",
        "Ich höre in Konzerten zu und denke an Plakate, Einlass und Licht. Ob ich damit hinter die Bühne "
        "gehöre, möchte ich mit jemandem klären, der dort arbeitet.",
    ),
    "dramaturgy": (
        "Ich denke gern über Programme nach und rede gern mit denen, die sie spielen. Ich möchte sehen, wie "
        "Dramaturg_innen an einem Haus arbeiten, wenn gerade keine Premiere ist.",
        "In meiner Hospitanz habe ich drei Programmhefte geschrieben und keinen einzigen Menschen "
        "kennengelernt, der mir sagt, wie es danach weitergeht.",
        "Ich komme von der Literatur, liebe die Musik und gehöre in keinem der beiden Fächer ganz dazu. Ich "
        "vermute, dass daraus ein Beruf werden kann, und suche jemanden, der das bestätigt oder mir ausredet.",
    ),
    "directing": (
        "Ich habe zweimal assistiert und jedes Mal ein eigenes Regiebuch geführt, das niemand lesen wollte. Ich "
        "möchte mit jemandem darin blättern und hören, was davon eine Inszenierung werden könnte.",
        "Mich interessiert, wie ein Raum eine Partitur verändert. Wie man vom Denken zum Bauen kommt, und wer "
        "einem die erste kleine Bühne gibt, möchte ich von jemandem erfahren, der sie bekommen hat.",
    ),
    "theatre-production": (
        "Bei unserem Studienprojekt war ich die, die wusste, wann der Lastwagen kommt. Alle fanden das "
        "selbstverständlich. Ich möchte herausfinden, ob es ein Beruf ist.",
        "Ich lese Spielpläne wie andere Romane und frage mich bei jedem, was er kostet und wen er einlädt. "
        "Darüber möchte ich mit jemandem sprechen, der einen verantwortet.",
    ),
    "musicology": (
        "Nach der Masterarbeit könnte ich promovieren, zum Rundfunk gehen oder in ein Archiv. Alle drei Wege "
        "kenne ich nur von außen. Ich wünsche mir einen ehrlichen Blick von innen.",
        "Ich sitze gern in Lesesälen und rede gern vor vielen Leuten. Wo man beides zugleich braucht, möchte "
        "ich herausfinden, bevor ich mich für eines entscheide.",
        "Meine Abschlussarbeit handelt von einer Komponistin, deren Noten in einem Keller lagen. Ich möchte, "
        "dass sie gespielt werden, und lerne gerade, dass Forschung allein dafür nicht genügt.",
        "Bewerbungen schreibe ich, wie ich Hausarbeiten schreibe: zu lang und mit Fußnoten. Ich brauche "
        "jemanden, der mir den Rotstift zeigt.",
    ),
    "radio-media": (
        "Ich produziere einen kleinen Podcast über Musik aus unserer Stadt. Was als Spaß begann, möchte ich "
        "jetzt lernen: Dramaturgie, Rechte, und wie man davon leben kann.",
        "Radio war bei uns zu Hause immer an. Ich möchte wissen, wie heute jemand dorthin kommt, und ob es in "
        "zehn Jahren noch ein Dort gibt.",
        "Für ein Hörstück habe ich zwanzig Stunden Gespräche aufgenommen und sitze nun davor. Mit jemandem "
        "vom Fach über das Weglassen zu sprechen, wäre mir viel wert.",
    ),
    "sound-engineering": (
        "Ich nehme die Konzerte meiner Freund_innen auf und werde immer öfter dafür gefragt. Ich möchte mit "
        "jemandem aus dem Fach überlegen, ob aus dem Nebenbei ein Standbein wird.",
        "Im Studio bin ich geduldiger als beim Üben. Vielleicht sagt mir das etwas. Ich würde gern eine "
        "Woche lang neben jemandem sitzen, der das jeden Tag macht.",
        "Live-Elektronik heißt bei uns: Ich trage die Boxen. Ich möchte lernen, wie man aus solchen Projekten "
        "eines macht, bei dem auch die Technik bezahlt wird.",
        "Ich höre Fehler, die andere nicht stören, und Räume, die anderen nicht auffallen. Ich möchte wissen, "
        "wo man mit solchen Ohren gebraucht wird.",
    ),
    "agency-label": (
        "Ich habe für unser Ensemble Verträge gelesen, die keiner von uns verstand. Das hat mich neugierig auf "
        "die andere Seite des Tisches gemacht.",
        "Ich empfehle ständig Leute weiter, und es wird etwas daraus. Eine Freundin sagte, das sei ein Beruf. "
        "Ich möchte prüfen, ob sie recht hat.",
    ),
}

# By topic.
GOALS: dict[str, tuple[str, ...]] = {
    "auditions": (
        "Ein Probespiel so vorbereiten, dass ich am Ende des Tages zufrieden bin, gleich wie es ausgeht.",
        "Fünf Probespiele in diesem Jahr, jedes mit einem Satz im Heft, was ich daraus mitnehme.",
        "Die Orchesterstellen einmal jemandem vorspielen, der schon hinter dem Vorhang saß.",
        "Vor dem Probespiel wissen, was ich in den letzten zwei Stunden tue und was nicht.",
        "Auswählen lernen: zu welchem Probespiel ich fahre und zu welchem nicht.",
        "Nach einer Absage am nächsten Tag wieder üben können, und zwar gern.",
    ),
    "trial-year": (
        "Wissen, was in einem Probejahr erwartet wird, und worauf Kolleg_innen achten, ohne es zu sagen.",
        "Mit jemandem sprechen, der ein Probejahr nicht bestanden hat und heute gern davon erzählt.",
        "Verstehen, wie eine Stimmgruppe über Neue entscheidet.",
    ),
    "fees": (
        "Ein Honorar nennen können, ohne mich danach zu entschuldigen.",
        "Ausrechnen, was eine Probe mich kostet, und danach verhandeln.",
        "Eine Liste meiner Preise, die ich nicht jedes Mal neu erfinde.",
        "Einmal Nein sagen, weil es zu wenig ist, und sehen, was geschieht.",
    ),
    "contracts": (
        "Die drei Verträge, die ich am häufigsten bekomme, wirklich verstehen.",
        "Mit meiner Band aufschreiben, wem was gehört, solange wir uns gut verstehen.",
        "Wissen, an welcher Stelle eines Vertrags man fragen darf, ohne schwierig zu wirken.",
    ),
    "social-insurance": (
        "Die Künstlersozialkasse beantragen, bevor das Studium endet.",
        "Verstehen, was Krankheit und Rente für Freie bedeuten, in Zahlen und nicht in Andeutungen.",
        "Meine Versicherungen einmal auf einem Blatt sehen und die Hälfte kündigen.",
    ),
    "freelancing": (
        "Einen Jahresplan haben, in dem auch freie Wochen stehen.",
        "Meine ersten drei Rechnungen schreiben, die niemand zurückschickt.",
        "Herausfinden, wie viele Auftraggebende man braucht, um ruhig zu schlafen.",
        "Eine Woche so planen, dass Üben darin vorkommt.",
    ),
    "networking": (
        "Zehn Menschen kennenlernen, bei denen ich mich in zwei Jahren noch melden würde.",
        "Nach einem Konzert mit jemandem sprechen, den ich nicht kenne. Einmal im Monat.",
        "Lernen, wie man um etwas bittet und dabei etwas anbietet.",
        "Auf der nächsten Tagung nicht nur neben den Leuten sitzen, die ich schon kenne.",
        "Mich nach einem Gespräch wieder melden, ohne zu stören.",
    ),
    "self-presentation": (
        "Eine Website und eine Biografie, die nach mir klingen.",
        "Mich in drei Sätzen vorstellen, ohne meine Lehrenden aufzuzählen.",
        "Ein Video, das ich gern verschicke.",
        "Fotos, auf denen ich aussehe wie an einem guten Tag und nicht wie im Katalog.",
    ),
    "agencies": (
        "Entscheiden, ob eine Agentur zu mir passt, und wie ich sie anspreche.",
        "Eine Mail an eine Agentur schreiben, die auch gelesen wird.",
        "Wissen, was eine Agentur nimmt, was sie gibt und was man selbst behält.",
    ),
    "applications": (
        "Eine Bewerbungsmappe, die ich in einer Stunde anpassen kann.",
        "Drei Bewerbungen abschicken, ohne sie vorher vier Leuten gezeigt zu haben.",
        "Ein Vorstellungsgespräch üben, mit jemandem, der schon eingestellt hat.",
        "Absagen lesen können und danach wissen, was ich ändere und was nicht.",
        "Einen Lebenslauf auf einer Seite.",
    ),
    "competitions": (
        "Zwei Wettbewerbe auswählen und drei andere mit gutem Gewissen auslassen.",
        "Herausfinden, was nach einem Wettbewerb zu tun ist, in der Woche, in der alle müde sind.",
        "Ein Wettbewerbsprogramm zusammenstellen, das ich auch sonst spielen würde.",
        "Einen Wettbewerb spielen, bei dem mir die Jury egal ist, jedenfalls am Vorabend.",
    ),
    "funding": (
        "Einen Förderantrag von der Idee bis zur Abrechnung einmal ganz durchlaufen.",
        "Einen Finanzplan, der aufgeht, und den ich erklären kann.",
        "Drei Stiftungen finden, die zu unserem Projekt passen, statt dreißig anzuschreiben.",
        "Verstehen, warum mein letzter Antrag abgelehnt wurde.",
    ),
    "own-ensemble": (
        "Mit unserem Ensemble klären, wer was tut, und wie wir Geld teilen.",
        "Unser Ensemble in zwei Jahren an einem Ort spielen sehen, an dem uns niemand kennt.",
        "Eine Vereinbarung schreiben, die auch hält, wenn jemand aussteigt.",
        "Ein Programm, das nur wir so spielen können.",
    ),
    "projects": (
        "Mein eigenes Projekt im Sommer auf die Bühne bringen.",
        "Ein Projekt einmal zu Ende bringen, mit Abrechnung und Dankesmails.",
        "Aus drei Ideen eine machen und die anderen beiden aufheben.",
        "Einen Zeitplan, der auch die Woche kennt, in der alle krank sind.",
        "Jemanden finden, der mein Konzept auseinandernimmt, bevor das Publikum es tut.",
    ),
    "stage-fright": (
        "Vor Auftritten besser schlafen.",
        "Lampenfieber bemerken und trotzdem anfangen.",
        "Eine Viertelstunde vor dem Auftritt, die mir gehört.",
        "Nach einem Fehler weiterspielen, als wäre er jemand anderem passiert.",
    ),
    "health": (
        "Üben, ohne dass danach der Rücken schmerzt, und rechtzeitig aufhören können.",
        "Gehörschutz tragen, ohne mich dafür zu erklären.",
        "Eine Pause nehmen, bevor der Körper sie nimmt.",
    ),
    "practice": (
        "Mein Repertoire für zwei Jahre planen.",
        "Weniger üben und mehr davon haben.",
        "Stücke wieder aufnehmen, die ich mit neunzehn aufgegeben habe.",
    ),
    "family": (
        "Mit jemandem sprechen, der Beruf und Familie verbindet, auch über die schwierigen Tage.",
        "Wissen, wie man mit Kind auf Tournee geht, oder wie man sagt, dass man es nicht tut.",
        "Einen Beruf suchen, in dem es Wochenenden gibt, oder mich mit ihrem Fehlen anfreunden.",
    ),
    "equality": (
        "Lernen, wie ich im Beruf Grenzen setze und wen ich um Rat frage.",
        "Einen Satz haben, wenn jemand meine Arbeit mit meinem Aussehen lobt.",
        "Vorbilder kennenlernen, die nicht so aussehen wie die auf den Plakaten.",
    ),
    "international": (
        "Herausfinden, ob ein Jahr im Ausland vor oder nach dem Master klüger ist.",
        "Verstehen, was es heißt, in zwei Ländern zu arbeiten und in einem Steuern zu zahlen.",
        "Eine Meisterklasse im Ausland so vorbereiten, dass danach Kontakte bleiben.",
    ),
    "arriving": (
        "Die ungeschriebenen Regeln des deutschen Musiklebens verstehen.",
        "In Sitzungen etwas sagen, auch wenn mein Deutsch dabei nicht perfekt ist.",
        "Menschen in dieser Stadt kennenlernen, die nicht an der Hochschule sind.",
        "Verstehen, wann ein Ja ein Ja ist.",
    ),
    "teaching": (
        "Ein Unterrichtskonzept, das nicht nur meinen eigenen Unterricht wiederholt.",
        "Eine Stunde mit Anfänger_innen so planen, dass alle klingen.",
        "Über Unterrichtsverträge reden, ohne dass es peinlich wird.",
        "Eine Klasse aufbauen, die auch ohne mich zusammenhält.",
    ),
    "side-job": (
        "Ein zweites Standbein finden, das ich gern erzähle.",
        "Entscheiden, welche meiner Nebentätigkeiten bleiben darf.",
        "Prüfen, ob meine zweite Begabung mehr ist als ein Zeitvertreib.",
    ),
    "orientation": (
        "Am Ende des Jahres einen Satz darüber sagen können, wohin ich will.",
        "Drei Berufe von innen sehen, bevor ich mich für einen entscheide.",
        "Eine Entscheidung treffen, die länger als ein Semester hält.",
    ),
}

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
    "Ein Jahr lang jemanden zu haben, der sich erinnert, was ich beim letzten Mal wollte.",
    "Erfahrungen, die nicht im Lebenslauf stehen: Umwege, Pausen, Fehler.",
    "Ich erwarte keine Lösungen. Es würde mir schon helfen, meine Fragen besser zu stellen.",
    "Austausch mit Mentees aus anderen Fächern, denn im eigenen Fach reden wir immer über dasselbe.",
    "Jemanden, der mir widerspricht, wenn ich mir etwas schönrede.",
    "Ich möchte lernen, über Geld zu sprechen, mit jemandem, dem das nicht unangenehm ist.",
    "Gespräche, nach denen ich etwas tue. Dafür mache ich mir Notizen und berichte beim nächsten Mal.",
    "Ruhe. In meinem Studium gibt es viele Termine und wenige Gespräche.",
    "Dass jemand meine Unterlagen liest wie eine fremde Person und mir sagt, wo die Aufmerksamkeit nachlässt.",
    "Mut, wenn er mir fehlt, und eine Bremse, wenn ich zu viel zusage.",
    "Von der Gruppe wünsche ich mir, dass wir uns Absagen erzählen können, nicht nur Erfolge.",
    "Eine Mentor_in mit Familie, weil ich wissen möchte, wie das zusammengeht.",
    "Vor allem Vertraulichkeit. Die Musikwelt ist klein, und ich möchte offen reden.",
    "Praktische Übungen: Verhandeln, Moderieren, Telefonieren, alles, wovor ich mich bisher drücke.",
    "Einen Plan, den wir im Winter machen und im Sommer gemeinsam überprüfen.",
    "Treffen, die im Zweifel kurz sind, aber stattfinden.",
    "Ich wünsche mir jemanden, der anders arbeitet als ich. Ähnliche Menschen kenne ich genug.",
    "Die Workshops am Dienstag passen gut in meine Woche; am Freitag muss ich gelegentlich zu Proben und "
    "gebe dann rechtzeitig Bescheid.",
    "Anregungen für die Zeit nach dem Abschluss, damit der erste Herbst ohne Stundenplan kein Loch wird.",
    "Jemanden, der meine Sprache spricht, ohne mein Fach zu spielen.",
    "Zuhören dürfen: bei Proben, bei Sitzungen, am Telefon. Ich lerne am meisten, wenn ich danebensitze.",
    "Ein Gegenüber auf Augenhöhe. Ich bringe Neugier mit und das, was meine Generation besser weiß.",
    "Unterstützung beim Sortieren. Ich habe viele Interessen und verwechsle sie manchmal mit Plänen.",
    "Wenn es gut läuft, kenne ich am Ende des Jahres meine nächsten drei Schritte und nicht nur einen Traum.",
    "Einen geschützten Ort, an dem ich nicht gut klingen muss.",
    "Dass wir zu Beginn aufschreiben, was wir voneinander erwarten, und es ernst nehmen.",
    "Rückmeldung zu meinem Auftreten: Wie wirke ich, wenn ich mich vorstelle?",
    "Ehrlichkeit darüber, was dieser Beruf kostet und was er zurückgibt.",
    "Ich freue mich auf die Stammtische, weil ich außerhalb meiner Abteilung kaum jemanden kenne.",
    "Eine Person, die gern lacht. Ernst bin ich selbst.",
    "Hilfe dabei, Prioritäten zu setzen, und die Erlaubnis, etwas sein zu lassen.",
    "Ich möchte einmal einen Haushaltsplan sehen, eine Kalkulation, einen echten Vertrag.",
    "Gern auch Treffen online, wenn dafür jemand infrage kommt, der nicht in der Nähe arbeitet.",
    "Das Mentoring soll mich nicht schneller machen, sondern klarer.",
    "Jemanden, der die Region kennt, weil ich nach dem Studium hierbleiben möchte.",
    "Zeit für Fragen, die im Unterricht keine Minute bekommen.",
)

SITUATIONS = (
    "In meiner Familie hat vor mir niemand studiert; ich finanziere mein Studium mit Unterrichten.",
    "Ich habe eine kleine Tochter; Treffen am Abend sind für mich nur mit Vorlauf möglich.",
    "Ich lebe mit einer chronischen Erkrankung und plane Wochen deshalb vorsichtiger als andere.",
    "Ich pflege gemeinsam mit meinem Bruder unsere Mutter und bin am Wochenende selten in der Stadt.",
    "Ich höre auf einem Ohr nichts; in lauten Cafés verstehe ich schlecht und bitte um ruhige Orte.",
    "Ich arbeite zwanzig Stunden in der Woche in einem Pflegeheim. Vormittage passen am besten.",
    "Ich ziehe meinen Sohn allein groß. In den Schulferien geht bei mir fast nur online.",
    "Ich bin über den zweiten Bildungsweg an die Hochschule gekommen und zehn Jahre älter als die meisten.",
    "Meine Aufenthaltserlaubnis hängt am Studium; das macht die Frage nach dem Danach dringlicher.",
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
    "Ich schreibe lieber, als zu telefonieren, und antworte am selben Tag.",
    "Ich freue mich auf einen Blick von außen auf das, was mir selbstverständlich geworden ist.",
    "Ich koche guten Kaffee und bringe ihn mit.",
    "Bitte sagen Sie mir, wenn ich zu viel auf einmal will. Das kommt vor.",
    "Ich höre gern Geschichten vom Scheitern, wenn jemand sie freiwillig erzählt.",
    "Dienstags bin ich den ganzen Tag in den Workshops; an allen anderen Tagen finde ich Zeit.",
    "Ich kann gut zuhören und schlecht auflegen. Eine feste Uhrzeit für das Ende hilft mir.",
    "Ob wir uns duzen, überlasse ich Ihnen.",
    "Ich würde gern einmal bei einer Probe dabei sein, ganz hinten.",
    "Meine Hoffnung: dass wir am Ende beide etwas gelernt haben.",
    "Ich mache mir Notizen. Wenn Sie das stört, lasse ich es.",
    "Über mein Instrument müssen wir gar nicht sprechen. Über alles andere sehr gern.",
    "Ich bin pünktlich und leicht zu begeistern.",
    "Es fällt mir schwer, um Hilfe zu bitten. Dass ich hier schreibe, ist der Anfang.",
    "Ich komme gern zu Ihnen, auch mit dem Zug.",
    "Wenn ich lange nachdenke, bevor ich antworte, ist das ein gutes Zeichen.",
    "Ich suche jemanden, der im Beruf steht und ihn noch mag.",
    "In Gruppen rede ich wenig, zu zweit umso mehr.",
    "Ich freue mich über jedes Buch und jede Aufnahme, die Sie mir empfehlen.",
    "Mir ist wichtig, dass wir auch Pausen machen dürfen, wenn das Semester zu voll wird.",
    "Ich möchte am Ende des Jahres weniger Angst vor dem Telefon haben.",
    "Am Anfang bin ich förmlich. Das legt sich.",
    "Ich lese Vereinbarungen genau und halte sie auch ein.",
    "Wenn Sie wenig Zeit haben, genügt mir eine halbe Stunde, in der das Telefon aus ist.",
    "Mein Humor ist trocken. Bitte nicht erschrecken.",
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
    "Für Ihre Fragen haben wir im Netzwerk zurzeit niemanden, der wirklich passt. Das liegt nicht an Ihnen.",
    "Wer schon im nächsten Semester abschließt, hätte vom Programm nur die Hälfte. Wir nennen Ihnen gern "
    "andere Angebote der Hochschule.",
    "",
)
MENTEE_WORDS = (
    "Das klingt sehr passend, ich freue mich auf das Kennenlernen.",
    "Gern. Von den Podien an der Hochschule kenne ich den Namen und habe seitdem viele Fragen.",
    "Ja, sehr gern, besonders wegen der Erfahrung mit eigenen Projekten.",
    "Damit hatte ich nicht gerechnet, und genau deshalb sage ich Ja.",
    "Einverstanden. Mir ist recht, dass wir nicht dasselbe Instrument spielen.",
    "Sehr gern. Ich habe schon eine Liste von Fragen.",
    "Ja, bitte. Treffen gehen bei mir am besten am späten Nachmittag.",
    "",
)
MENTOR_WORDS = (
    "Ich freue mich auf das erste Treffen. Vor der Premiere am Monatsende geht es nur online.",
    "Sehr gern. Mein erstes Tandem hat mir selbst viel gegeben.",
    "Gern, bitte nicht montags.",
    "Ja. Die Fragen erinnern mich an meine eigenen vor zwanzig Jahren.",
    "Mit Freude. Bis zur Tournee im Frühjahr habe ich gut Zeit.",
    "Gern, und gern zu Fuß: Bei mir um die Ecke ist ein Wald.",
    "Ich mache mit. Lassen Sie uns bald den ersten Termin finden.",
    "",
)
DECLINES = (
    "Im Winter bin ich sechs Wochen auf Tournee. Im nächsten Durchgang gern wieder.",
    "Wir kennen uns aus einer gemeinsamen Produktion; mir fehlt der nötige Abstand.",
)
QUESTIONS = (
    "Wäre es möglich, dass wir uns bis Februar nur online treffen? Danach bin ich wieder vor Ort.",
)
# Agendas: for the first meeting, and for later ones by topic.
FIRST_AGENDAS = (
    "Kennenlernen: Wer sind wir, was erwarten wir voneinander, wie oft treffen wir uns?",
    "Erstes Treffen: unsere Wege bisher, Wünsche für das Jahr, was unter uns bleibt.",
    "Kennenlernen; danach legen wir drei Themen für das Halbjahr fest.",
    "Einander vorstellen, die Vereinbarung gemeinsam lesen, den nächsten Termin finden.",
)
AGENDAS: dict[str, tuple[str, ...]] = {
    "auditions": (
        "Rückblick auf das Probespiel: Was war gut, was übe ich anders?",
        "Stellenliste durchgehen, zwei Stellen vorspielen, Rückmeldung wie aus der Kommission.",
    ),
    "trial-year": ("Das Probejahr: Wen frage ich was, und wen lieber nicht?",),
    "fees": ("Honorare: ein echtes Angebot von mir, das wir gemeinsam lesen.",),
    "contracts": ("Zwei Verträge, die ich bekommen habe; ich habe Stellen angestrichen.",),
    "social-insurance": ("Der Antrag an die Künstlersozialkasse: Welche Nachweise reichen?",),
    "freelancing": ("Jahresplan bis zum Sommer; was lasse ich weg?",),
    "networking": ("Wen ich anschreiben möchte: fünf Namen und fünf erste Sätze.",),
    "self-presentation": (
        "Meine Biografie in drei Fassungen, und welche ich wem schicke.",
        "Meine Website, erster Entwurf: Was sehen Sie in den ersten zehn Sekunden?",
    ),
    "agencies": ("Agentur, ja oder nein? Ich bringe zwei Gespräche mit, die ich geführt habe.",),
    "applications": (
        "Bewerbung für den Herbst: Anschreiben und Lebenslauf.",
        "Ein Vorstellungsgespräch üben, mit Rollen.",
    ),
    "competitions": ("Welcher Wettbewerb, welches Programm, und was danach?",),
    "funding": ("Förderantrag für unser Projekt, zweite Fassung.",),
    "own-ensemble": ("Unser Ensemble: Wer entscheidet was? Entwurf einer Vereinbarung.",),
    "projects": ("Mein Projekt im Sommer: Zeitplan und wen ich noch brauche.",),
    "stage-fright": ("Lampenfieber: was hilft Ihnen, was hilft mir?",),
    "health": ("Üben und Pausen: mein Wochenprotokoll, ehrlich geführt.",),
    "practice": ("Repertoire: Was bleibt, was kommt dazu, was darf gehen?",),
    "family": ("Beruf und Familie: ein Abend ohne Ratschläge, nur Erfahrungen.",),
    "equality": ("Eine Situation in der Probe, die mich beschäftigt.",),
    "international": ("Ein Jahr im Ausland: Wann, wohin und wer bezahlt es?",),
    "arriving": ("Wie man hier absagt, zusagt und nachfragt. Ich bringe drei Mails mit.",),
    "teaching": ("Ein Stundenbild von mir, und was Sie daran ändern würden.",),
    "side-job": ("Das zweite Standbein: Rechnung für ein Jahr.",),
    "orientation": ("Drei Berufe, drei Fragen an jeden davon.",),
}
AGENDAS_FOR_ALL = (
    "Hospitation: ein Probentag, danach eine Stunde Gespräch.",
    "Zwischenstand: Was hat sich seit dem Herbst verändert?",
    "Offene Fragen, die liegen geblieben sind.",
    "Was im Studium gerade schwierig ist, und was gut läuft.",
    "Rückblick auf das Konzert; Aufnahme gemeinsam hören.",
    "Nächstes Semester: Was nehme ich mir vor, und was nicht?",
)
PLACES = (
    "online",
    "Café am Neumarkt",
    "Foyer des Konzerthauses",
    "Kantine der Oper",
    "im Park, am Teich",
)
LEFT_THEN = "Ein Auslandsjahr kam dazwischen; der Abschied war freundlich."
LEFT = "Zeitvertrag in einem Orchester weit weg; meldet sich, wenn es ruhiger wird."
