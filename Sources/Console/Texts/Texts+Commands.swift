extension Texts {
    /// Commands as the palette and the help name them, and in one word for the last line, where they stand there.
    static let commands: [Command: CommandWords] = [
        .down: CommandWords("Down", "Giù", nil, nil),
        .up: CommandWords("Up", "Su", nil, nil),
        .pageDown: CommandWords("Page down", "Pagina giù", nil, nil),
        .pageUp: CommandWords("Page up", "Pagina su", nil, nil),
        .top: CommandWords("To the start", "All'inizio", nil, nil),
        .bottom: CommandWords("To the end", "Alla fine", nil, nil),
        .open: CommandWords("Open the detail", "Apri il dettaglio", "detail", "dettaglio"),
        .acknowledge: CommandWords("Acknowledge", "Riconosci", "ack", "riconosci"),
        .acknowledgeWithNote: CommandWords("Acknowledge with a note", "Riconosci con una nota", "note", "nota"),
        .assess: CommandWords("Assess: confirm or reject", "Valuta: conferma o respingi", "assess", "valuta"),
        .close: CommandWords("Close with a disposition", "Chiudi con un esito", "close", "chiudi"),
        .startChecklist: CommandWords(
            "Start or show a checklist", "Avvia o mostra una procedura", "checklist", "procedura"),
        .showOnMap: CommandWords("Show on the map", "Mostra sulla mappa", "map", "mappa"),
        .search: CommandWords("Search", "Cerca", "find", "cerca"),
        .cycleShow: CommandWords(
            "Show open, unacknowledged, shelved, all", "Mostra aperti, da riconoscere, sospesi, tutti", "show",
            "mostra"),
        .shelve: CommandWords("Shelve, or take off the shelf", "Sospendi, o riattiva", "shelve", "sospendi"),
        .cycleSort: CommandWords("Change the order", "Cambia l'ordine", "sort", "ordine"),
        .sortByColumns: CommandWords("Sort by several columns", "Ordina per più colonne", nil, nil),
        .chooseColumns: CommandWords("Choose the columns of the list", "Scegli le colonne dell'elenco", nil, nil),
        .travel: CommandWords(
            "The list as it stood at a time", "L'elenco com'era a un'ora", "at a time", "com'era"),
        .showFlood: CommandWords(
            "What the alarm flood is made of", "Di che cosa è fatta la valanga", "flood", "valanga"),
        .groupAlerts: CommandWords(
            "Group what belongs together, or list each", "Raggruppa, o elenca ciascuno", "group", "raggruppa"),
        .linkCause: CommandWords(
            "Cause: this alarm explains the marked ones", "Causa: questo allarme spiega quelli segnati", nil, nil),
        .adjustGroups: CommandWords("How near a group is", "Quanto è vicino un gruppo", nil, nil),
        .mark: CommandWords("Mark, or take the mark away", "Segna, o togli il segno", "mark", "segna"),
        .markRange: CommandWords("Mark from the last mark to here", "Segna dall'ultimo segno fin qui", nil, nil),
        .markAll: CommandWords("Mark all that the list finds", "Segna tutto ciò che l'elenco trova", nil, nil),
        .chooseView: CommandWords("Choose a view", "Scegli una vista", "views", "viste"),
        .saveView: CommandWords("Save the list as a view", "Salva l'elenco come vista", nil, nil),
        .deleteView: CommandWords("Delete a view", "Elimina una vista", nil, nil),
        .exportList: CommandWords("Export the list to a file", "Esporta l'elenco in un file", nil, nil),
        .take: CommandWords("Take it, or say whose it is", "Prendilo, o di' di chi è", "take", "prendi"),
        .decide: CommandWords("Approve or refuse what is asked for", "Approva o respingi", "approve", "approva"),
        .showTeam: CommandWords("Who has what: the team's load", "Chi ha che cosa: il carico", nil, nil),
        .suppress: CommandWords(
            "Suppress by design what the list finds", "Sopprimi per regola ciò che l'elenco trova", nil, nil),
        .endSuppression: CommandWords("End a rule of suppression", "Termina una regola di soppressione", nil, nil),
        .filterTool: CommandWords("Filter by tool", "Filtra per strumento", nil, nil),
        .filterDistrict: CommandWords("Filter by district", "Filtra per quartiere", nil, nil),
        .filterSeverity: CommandWords("Filter by severity", "Filtra per gravità", nil, nil),
        .clearFilter: CommandWords(
            "Clear the filter; back to now", "Togli il filtro; torna a ora", "now", "ora"),
        .follow: CommandWords("Follow new alerts, or stay", "Segui i nuovi allarmi, o resta", "follow", "segui"),
        .refresh: CommandWords("Read everything again", "Rileggi tutto", nil, nil),
        .panLeft: CommandWords("Pan left", "Sposta a sinistra", nil, nil),
        .panRight: CommandWords("Pan right", "Sposta a destra", nil, nil),
        .panUp: CommandWords("Pan up", "Sposta in su", nil, nil),
        .panDown: CommandWords("Pan down", "Sposta in giù", nil, nil),
        .zoomIn: CommandWords("Zoom in", "Ingrandisci", "in", "avvicina"),
        .zoomOut: CommandWords("Zoom out", "Rimpicciolisci", "out", "allontana"),
        .fitOpen: CommandWords(
            "Fit the map to what is open", "Adatta la mappa a ciò che è aperto", "fit open", "aperti"),
        .fitCity: CommandWords("Fit the map to the city", "Adatta la mappa alla città", "city", "città"),
        .nextDistrict: CommandWords("Next district", "Quartiere successivo", "district", "quartiere"),
        .previousDistrict: CommandWords("Previous district", "Quartiere precedente", nil, nil),
        .listDistrict: CommandWords(
            "List the alerts of the district", "Elenca gli allarmi del quartiere", "alerts", "allarmi"),
        .toggleStreets: CommandWords("Show or hide streets", "Mostra o nascondi le strade", nil, nil),
        .chooseDistrictSet: CommandWords(
            "Choose the districts on the map", "Scegli i quartieri sulla mappa", nil, nil),
        .showAssetAlerts: CommandWords(
            "List the alerts that name the asset", "Elenca gli allarmi che citano la risorsa", "alerts", "allarmi"),
        .stepDone: CommandWords("Step done", "Passo fatto", "done", "fatto"),
        .stepNotApplicable: CommandWords("Step not applicable", "Passo non applicabile", "n/a", "n/a"),
        .stepBlocked: CommandWords("Step blocked", "Passo bloccato", "blocked", "bloccato"),
        .stepNote: CommandWords("Write a note", "Scrivi una nota", "note", "nota"),
        .checklistNote: CommandWords("Note to the checklist", "Nota alla procedura", nil, nil),
        .chooseRun: CommandWords("Choose a checklist", "Scegli una procedura", "lists", "elenchi"),
        .undo: CommandWords("Undo my last act", "Annulla il mio ultimo atto", "undo", "annulla"),
        .palette: CommandWords("Command palette", "Tavolozza dei comandi", "command", "comando"),
        .help: CommandWords("Help: the keys", "Aiuto: i tasti", "keys", "tasti"),
        .nextPane: CommandWords("Next pane", "Riquadro successivo", "pane", "riquadro"),
        .previousPane: CommandWords("Previous pane", "Riquadro precedente", nil, nil),
        .pane1: CommandWords("Alerts", "Allarmi", nil, nil),
        .pane2: CommandWords("Map", "Mappa", nil, nil),
        .pane3: CommandWords("Assets", "Risorse", nil, nil),
        .pane4: CommandWords("Checklist", "Procedura", nil, nil),
        .pane5: CommandWords("Log", "Registro", nil, nil),
        .pane6: CommandWords("Detail", "Dettaglio", nil, nil),
        .pane7: CommandWords("Figures of the alarm system", "Indicatori del sistema di allarmi", nil, nil),
        .showFrequent: CommandWords(
            "Show the alarm in the list", "Mostra l'allarme nell'elenco", "show", "mostra"),
        .zoomPane: CommandWords(
            "Fill the screen with this pane", "Riempi lo schermo con il riquadro", "zoom", "ingrandisci"),
        .changeRealm: CommandWords(
            "Show Actual, exercise or technical", "Mostra reale, esercitazione o tecnico", nil, nil),
        .silence: CommandWords("Silence for two minutes", "Silenzia per due minuti", nil, nil),
        .lock: CommandWords("Lock the screen", "Blocca lo schermo", nil, nil),
        .changeOperator: CommandWords("Change the operator", "Cambia l'operatore", nil, nil),
        .chooseLayout: CommandWords("Choose a layout", "Scegli una disposizione", nil, nil),
        .chooseTheme: CommandWords("Choose a theme", "Scegli un tema", nil, nil),
        .nextLayout: CommandWords("Next layout", "Disposizione successiva", nil, nil),
        .nextTheme: CommandWords("Next theme", "Tema successivo", nil, nil),
        .toggleMouse: CommandWords("Mouse on or off", "Mouse acceso o spento", nil, nil),
        .toggleBell: CommandWords("Bell on or off", "Segnale acustico acceso o spento", nil, nil),
        .changeLanguage: CommandWords("Language", "Lingua", nil, nil),
        .redraw: CommandWords("Draw the screen anew", "Ridisegna lo schermo", nil, nil),
        .suspend: CommandWords("To the shell; fg comes back", "Alla shell; fg ritorna", nil, nil),
        .quit: CommandWords("Leave the console", "Esci dalla console", nil, nil),
        .exercisePause: CommandWords("Exercise: pause or go on", "Esercitazione: pausa o riprendi", nil, nil),
        .exerciseFaster: CommandWords("Exercise: faster", "Esercitazione: più veloce", nil, nil),
        .exerciseSlower: CommandWords("Exercise: slower", "Esercitazione: più lenta", nil, nil),
        .exerciseStart: CommandWords("Exercise: start", "Esercitazione: avvia", nil, nil),
        .exerciseEnd: CommandWords("Exercise: end", "Esercitazione: termina", nil, nil),
    ]

    struct CommandWords: Sendable {
        let english: String
        let italian: String
        let englishHint: String?
        let italianHint: String?

        init(_ english: String, _ italian: String, _ englishHint: String?, _ italianHint: String?) {
            self.english = english
            self.italian = italian
            self.englishHint = englishHint
            self.italianHint = italianHint
        }
    }
}
