//! The code that puts a script into another page: text for a teacher to copy.

use crate::state::download::File;

/// The custom element of a script or a Python program, with its script tag. `page` is this page's
/// own address.
pub(crate) fn element(page: &str, script: &str, is_python: bool) -> String {
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let script = escaped(script.trim_end());
    let lang = if is_python { " lang=\"python\"" } else { "" };
    format!(
        "<loopscope-lab{lang}>\n<pre>\n{script}\n</pre>\n</loopscope-lab>\n<script async src=\"{folder}/embed/v1/embed.js\"></script>"
    )
}

/// Only the frame; `link` is a share link.
pub(crate) fn frame(link: &str) -> String {
    // Addresses contain no quotes: the part behind `#` is base64url.
    format!(
        "<iframe src=\"{link}&embed\" title=\"Loopscope\" width=\"100%\" height=\"900\" loading=\"lazy\" allow=\"clipboard-write\"></iframe>"
    )
}

/// A picture that links to the page; its file is a separate download. `alt` describes it.
pub(crate) fn markdown(link: &str, alt: &str) -> String {
    let (picture, _) = File::Svg.name_and_type();
    let alt = alt.replace(['[', ']', '\n'], " ");
    format!("[![{alt}]({picture})]({link})")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_stands_in_the_element_as_text_and_its_program_beside_the_page() {
        let code = element(
            "https://a.example/lab/?x",
            "a: cpu 1 -> await 2\n</pre>&\n\n",
            false,
        );
        let expected = "<loopscope-lab>\n<pre>\na: cpu 1 -&gt; await 2\n&lt;/pre&gt;&amp;\n</pre>\n</loopscope-lab>\n<script async src=\"https://a.example/lab/embed/v1/embed.js\"></script>";
        assert_eq!(code, expected);
        let program = element("https://a.example/", "print(1)\n", true);
        assert!(
            program.starts_with("<loopscope-lab lang=\"python\">\n<pre>\nprint(1)\n</pre>"),
            "{program}"
        );
    }

    #[test]
    fn a_picture_leads_to_the_page_and_its_words_cannot_end_it_early() {
        let code = markdown("https://a.example/#v1.abc", "2 tasks](x) [");
        assert_eq!(
            code,
            "[![2 tasks (x)  ](schedule.svg)](https://a.example/#v1.abc)"
        );
    }
}
