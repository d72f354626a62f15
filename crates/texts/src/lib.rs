//! The languages of messages, documents and the page.
//!
//! The sources hold English, in [`text!`] and [`say!`]. Each other language is a file of
//! `languages/`, which the build script turns into a table.

mod particle;
mod text;

pub use text::{Text, plain};
// Used by the expansion of the macros.
#[doc(hidden)]
pub use text::{LANGUAGES, assert_fits, of_languages};

/// Defines [`Language`] and the tables of translations. The build script writes the invocation.
macro_rules! languages {
    ($($variant:ident $tag:literal $name:literal $texts:expr)*) => {
        /// A language of messages, documentation and the page.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[derive(serde::Serialize, serde::Deserialize)]
        pub enum Language {
            #[default]
            #[serde(rename = "en")]
            En,
            $(#[serde(rename = $tag)] $variant,)*
            /// Every text in brackets, so that a test can tell a text from other strings.
            #[cfg(any(test, feature = "marked"))]
            #[serde(rename = "qaa")]
            Marked,
        }

        impl Language {
            /// The languages that a person can choose.
            pub const ALL: [Self; 1 + <[&str]>::len(&[$($tag),*])] = [Self::En, $(Self::$variant),*];

            /// The BCP 47 tag: `en`, `ko`.
            pub const fn tag(self) -> &'static str {
                match self {
                    Self::En => "en",
                    $(Self::$variant => $tag,)*
                    #[cfg(any(test, feature = "marked"))]
                    Self::Marked => "qaa",
                }
            }

            /// The language's own name: `English`, `한국어`.
            pub const fn name(self) -> &'static str {
                match self {
                    Self::En => "English",
                    $(Self::$variant => $name,)*
                    #[cfg(any(test, feature = "marked"))]
                    Self::Marked => "⟦⟧",
                }
            }
        }

        /// The translations of each language but English, in the order of [`Language::ALL`]:
        /// pairs of an English text and its translation, sorted by the former.
        const TRANSLATIONS: [&[(&str, &str)]; Language::ALL.len() - 1] = [$(&$texts),*];
    };
}

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

impl Language {
    /// The language of a tag or a POSIX locale such as `ko-KR` or `ko_KR.UTF-8`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let whole = tag.split(['.', '@']).next()?.replace('_', "-");
        let primary = |tag: &str| {
            tag.split('-')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase()
        };
        let of = |same: &dyn Fn(&str) -> bool| Self::known().find(|one| same(one.tag()));
        of(&|tag| tag.eq_ignore_ascii_case(&whole))
            .or_else(|| of(&|tag| primary(tag) == primary(&whole)))
    }

    fn known() -> impl Iterator<Item = Self> {
        #[cfg(any(test, feature = "marked"))]
        let all = Self::ALL.iter().copied().chain([Self::Marked]);
        #[cfg(not(any(test, feature = "marked")))]
        let all = Self::ALL.iter().copied();
        all
    }

    const fn is_marked(self) -> bool {
        cfg!(any(test, feature = "marked")) && self as usize >= Self::ALL.len()
    }

    /// The translation of a text that is known only at run time, such as a help text of clap.
    pub fn translate(self, en: &str) -> Option<&'static str> {
        let texts = TRANSLATIONS.get((self as usize).checked_sub(1)?)?;
        let at = texts.binary_search_by_key(&en, |(of, _)| of).ok()?;
        Some(texts[at].1)
    }

    /// The next language of the page's language button; the first one follows the last.
    pub fn next(self) -> Self {
        let at = Self::ALL
            .iter()
            .position(|&one| one == self)
            .unwrap_or_default();
        Self::ALL[(at + 1) % Self::ALL.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_of_every_shape_are_read() {
        assert_eq!(Language::from_tag("ko"), Some(Language::Ko));
        assert_eq!(Language::from_tag("ko_KR.UTF-8"), Some(Language::Ko));
        assert_eq!(Language::from_tag("EN-us"), Some(Language::En));
        assert_eq!(Language::from_tag("fr"), None);
        assert_eq!(Language::from_tag(""), None);
    }

    #[test]
    fn a_text_is_translated_at_run_time() {
        assert_eq!(Language::Ko.translate("awaiting"), Some("await 대기"));
        assert_eq!(Language::Ko.translate("no such text"), None);
        assert_eq!(Language::En.translate("awaiting"), None);
    }

    #[test]
    fn the_button_goes_round() {
        let mut language = Language::En;
        for _ in Language::ALL {
            language = language.next();
        }
        assert_eq!(language, Language::En);
        assert_eq!(Language::En.next(), Language::Ko);
    }
}
