//! The short standard sentences, by language: what is said before a question is asked again, how a value is
//! confirmed, and what stands for a time that is not known.
//!
//! A language that is not here gets the question alone.

/// What a standard sentence says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standard {
    /// Nothing was heard.
    NoInput,
    /// Keys that mean nothing here.
    NoMatch,
    /// Nothing was heard, again.
    NoInputAgain,
    /// Keys that mean nothing here, again.
    NoMatchAgain,
    /// How to answer when a value was read back.
    Confirm,
    /// How to answer with a word when a value was read back.
    ConfirmByWord,
    /// Nothing was said and no key pressed.
    NothingHeard,
    /// The same, again.
    NothingHeardAgain,
    /// `NothingHeard` where the call is listened to, else `NoInput`.
    NoInputOrWord,
    /// `NothingHeardAgain` where the call is listened to, else `NoInputAgain`.
    NoInputOrWordAgain,
    /// `ConfirmByWord` where the call is listened to, else `Confirm`.
    ConfirmOrWord,
    /// Before the sentences of two choices of which the caller may have meant either.
    Between,
    /// Instead of the time at which something opens, when nobody knows.
    UntilFurtherNotice,
    /// The same after an "until".
    FurtherNotice,
}

/// Whether a text ends with a word for "until", so that a notice need not say it again.
pub(crate) fn says_until(text: &str) -> bool {
    let last = text.trim_end().rsplit(char::is_whitespace).next().unwrap_or_default();
    ["until", "till", "hasta", "jusqu'à", "jusqu’à", "bis"].iter().any(|word| last.eq_ignore_ascii_case(word))
}

impl Standard {
    /// What is said when it comes to that a second time: who hears one sentence over and over, hangs up.
    pub(crate) fn again(self) -> Self {
        match self {
            Self::NoInput => Self::NoInputAgain,
            Self::NoMatch => Self::NoMatchAgain,
            Self::NoInputOrWord => Self::NoInputOrWordAgain,
            other => other,
        }
    }

    /// What is said where the call is listened to, and where it is not, if that differs.
    pub(crate) fn pair(self) -> Option<(Self, Self)> {
        match self {
            Self::NoInputOrWord => Some((Self::NothingHeard, Self::NoInput)),
            Self::NoInputOrWordAgain => Some((Self::NothingHeardAgain, Self::NoInputAgain)),
            Self::ConfirmOrWord => Some((Self::ConfirmByWord, Self::Confirm)),
            _ => None,
        }
    }

    /// The sentence in the language of a BCP 47 code.
    pub(crate) fn in_language(self, code: &str) -> Option<&'static str> {
        let primary = code.split('-').next().unwrap_or(code);
        Some(match (primary, self) {
            ("en", Self::NoInput) => "I did not hear a key.",
            ("en", Self::NoMatch) => "That is not one of the choices.",
            ("en", Self::NoInputAgain) => "Nothing was pressed. Please listen again.",
            ("en", Self::NoMatchAgain) => "There is no such choice. Please listen again.",
            ("en", Self::Confirm) => "If that is right, press 1. If not, press 2.",
            ("en", Self::UntilFurtherNotice) => "until further notice",
            ("en", Self::FurtherNotice) => "further notice",
            ("en", Self::NothingHeard) => "I did not hear anything.",
            ("en", Self::NothingHeardAgain) => "There was no answer. Please listen again.",
            ("en", Self::ConfirmByWord) => "If that is right, press 1 or say yes. If not, press 2 or say no.",
            ("en", Self::Between) => "Which of these did you mean?",
            ("es", Self::NothingHeard) => "No he oído nada.",
            ("es", Self::NothingHeardAgain) => "No ha habido respuesta. Escuche otra vez, por favor.",
            ("es", Self::ConfirmByWord) => "Si es correcto, pulse 1 o diga sí. Si no, pulse 2 o diga no.",
            ("es", Self::Between) => "¿Cuál de estas quería?",
            ("fr", Self::NothingHeard) => "Je n'ai rien entendu.",
            ("fr", Self::NothingHeardAgain) => "Il n'y a pas eu de réponse. Veuillez réécouter.",
            ("fr", Self::ConfirmByWord) => {
                "Si c'est exact, appuyez sur 1 ou dites oui. Sinon, appuyez sur 2 ou dites non."
            }
            ("fr", Self::Between) => "Laquelle vouliez-vous ?",
            ("de", Self::NothingHeard) => "Ich habe nichts gehört.",
            ("de", Self::NothingHeardAgain) => "Es kam keine Antwort. Bitte hören Sie noch einmal zu.",
            ("de", Self::ConfirmByWord) => {
                "Wenn das stimmt, drücken Sie 1 oder sagen Sie ja. Wenn nicht, drücken Sie 2 oder sagen Sie nein."
            }
            ("de", Self::Between) => "Was davon meinten Sie?",
            ("es", Self::NoInput) => "No he oído ninguna tecla.",
            ("es", Self::NoMatch) => "Esa no es una de las opciones.",
            ("es", Self::NoInputAgain) => "No se ha pulsado nada. Escuche otra vez, por favor.",
            ("es", Self::NoMatchAgain) => "Esa opción no existe. Escuche otra vez, por favor.",
            ("es", Self::Confirm) => "Si es correcto, pulse 1. Si no, pulse 2.",
            ("es", Self::UntilFurtherNotice) => "hasta nuevo aviso",
            ("es", Self::FurtherNotice) => "nuevo aviso",
            ("fr", Self::NoInput) => "Je n'ai entendu aucune touche.",
            ("fr", Self::NoMatch) => "Ce n'est pas l'un des choix.",
            ("fr", Self::NoInputAgain) => "Rien n'a été composé. Veuillez réécouter.",
            ("fr", Self::NoMatchAgain) => "Ce choix n'existe pas. Veuillez réécouter.",
            ("fr", Self::Confirm) => "Si c'est exact, appuyez sur 1. Sinon, appuyez sur 2.",
            ("fr", Self::UntilFurtherNotice) => "jusqu'à nouvel ordre",
            ("fr", Self::FurtherNotice) => "nouvel ordre",
            ("de", Self::NoInput) => "Ich habe keine Taste gehört.",
            ("de", Self::NoMatch) => "Das steht nicht zur Wahl.",
            ("de", Self::NoInputAgain) => "Es wurde nichts gedrückt. Bitte hören Sie noch einmal zu.",
            ("de", Self::NoMatchAgain) => "Diese Wahl gibt es nicht. Bitte hören Sie noch einmal zu.",
            ("de", Self::Confirm) => "Wenn das stimmt, drücken Sie 1. Wenn nicht, drücken Sie 2.",
            ("de", Self::UntilFurtherNotice) => "bis auf Weiteres",
            ("de", Self::FurtherNotice) => "auf Weiteres",
            _ => return None,
        })
    }
}
