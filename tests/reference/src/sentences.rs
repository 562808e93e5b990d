//! What flows say without being told to: before a question is asked again, after a value was read back, and for a
//! time that nobody knows.

/// A sentence that the language has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sentence {
    NoInput,
    NoInputAgain,
    NoMatch,
    NoMatchAgain,
    /// Where words are listened for, too.
    NothingHeard,
    NothingHeardAgain,
    Confirm,
    UntilFurtherNotice,
    FurtherNotice,
}

/// Its words; a language that is not here has none.
pub(crate) fn words(sentence: Sentence, language: &str) -> &'static str {
    use Sentence::*;
    match (language.split('-').next().unwrap_or_default(), sentence) {
        ("en", NoInput) => "I did not hear a key.",
        ("en", NoInputAgain) => "Nothing was pressed. Please listen again.",
        ("en", NoMatch) => "That is not one of the choices.",
        ("en", NoMatchAgain) => "There is no such choice. Please listen again.",
        ("en", Confirm) => "If that is right, press 1 or say yes. If not, press 2 or say no.",
        ("en", NothingHeard) => "I did not hear anything.",
        ("en", NothingHeardAgain) => "There was no answer. Please listen again.",
        ("en", UntilFurtherNotice) => "until further notice",
        ("en", FurtherNotice) => "further notice",
        ("es", NoInput) => "No he oído ninguna tecla.",
        ("es", NoInputAgain) => "No se ha pulsado nada. Escuche otra vez, por favor.",
        ("es", NoMatch) => "Esa no es una de las opciones.",
        ("es", NoMatchAgain) => "Esa opción no existe. Escuche otra vez, por favor.",
        ("es", Confirm) => "Si es correcto, pulse 1 o diga sí. Si no, pulse 2 o diga no.",
        ("es", NothingHeard) => "No he oído nada.",
        ("es", NothingHeardAgain) => "No ha habido respuesta. Escuche otra vez, por favor.",
        ("es", UntilFurtherNotice) => "hasta nuevo aviso",
        ("es", FurtherNotice) => "nuevo aviso",
        ("fr", NoInput) => "Je n'ai entendu aucune touche.",
        ("fr", NoInputAgain) => "Rien n'a été composé. Veuillez réécouter.",
        ("fr", NoMatch) => "Ce n'est pas l'un des choix.",
        ("fr", NoMatchAgain) => "Ce choix n'existe pas. Veuillez réécouter.",
        ("fr", Confirm) => "Si c'est exact, appuyez sur 1 ou dites oui. Sinon, appuyez sur 2 ou dites non.",
        ("fr", NothingHeard) => "Je n'ai rien entendu.",
        ("fr", NothingHeardAgain) => "Il n'y a pas eu de réponse. Veuillez réécouter.",
        ("fr", UntilFurtherNotice) => "jusqu'à nouvel ordre",
        ("fr", FurtherNotice) => "nouvel ordre",
        ("de", NoInput) => "Ich habe keine Taste gehört.",
        ("de", NoInputAgain) => "Es wurde nichts gedrückt. Bitte hören Sie noch einmal zu.",
        ("de", NoMatch) => "Das steht nicht zur Wahl.",
        ("de", NoMatchAgain) => "Diese Wahl gibt es nicht. Bitte hören Sie noch einmal zu.",
        ("de", Confirm) => {
            "Wenn das stimmt, drücken Sie 1 oder sagen Sie ja. Wenn nicht, drücken Sie 2 oder sagen Sie nein."
        }
        ("de", NothingHeard) => "Ich habe nichts gehört.",
        ("de", NothingHeardAgain) => "Es kam keine Antwort. Bitte hören Sie noch einmal zu.",
        ("de", UntilFurtherNotice) => "bis auf Weiteres",
        ("de", FurtherNotice) => "auf Weiteres",
        _ => "",
    }
}

/// Whether words end with one for "until", so that what follows need not say it.
pub(crate) fn end_with_until(text: &str) -> bool {
    let last = text.split_whitespace().last().unwrap_or_default().to_lowercase();
    ["until", "till", "hasta", "jusqu'à", "jusqu’à", "bis"].contains(&last.as_str())
}
