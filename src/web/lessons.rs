//! The gallery: the classic experiments, each a script with a few sentences and
//! something to try. The scripts are files of www/lessons, tested natively.

use yew::prelude::*;

use super::words;
use crate::language::{Language, Text};

/// One of the gallery, by its place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lesson(usize);

struct Entry {
    /// In links and tests.
    slug: &'static str,
    title: Text,
    text: Text,
    attempt: Text,
    script: &'static str,
}

impl Lesson {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..LESSONS.len()).map(Self)
    }

    pub(super) fn by_slug(slug: &str) -> Option<Self> {
        LESSONS
            .iter()
            .position(|entry| entry.slug == slug)
            .map(Self)
    }

    pub(super) fn slug(self) -> &'static str {
        LESSONS[self.0].slug
    }

    pub(super) fn number(self) -> usize {
        self.0 + 1
    }

    pub(super) fn script(self) -> &'static str {
        LESSONS[self.0].script
    }

    pub(super) fn title(self, language: Language) -> &'static str {
        LESSONS[self.0].title.of(language)
    }

    pub(super) fn text(self, language: Language) -> &'static str {
        LESSONS[self.0].text.of(language)
    }

    pub(super) fn attempt(self, language: Language) -> &'static str {
        LESSONS[self.0].attempt.of(language)
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct GalleryProps {
    pub(super) language: Language,
    pub(super) current: Option<Lesson>,
    pub(super) on_open: Callback<Lesson>,
}

#[component]
pub(super) fn Gallery(props: &GalleryProps) -> Html {
    let language = props.language;
    let card = |lesson: Lesson| {
        let open = props.on_open.reform(move |_| lesson);
        html! {
            <li key={lesson.slug()}>
                <button class={classes!("lesson", (props.current == Some(lesson)).then_some("on"))} onclick={open} data-lesson={lesson.slug()}>
                    <span class="lesson-number">{ lesson.number() }</span>
                    <strong>{ lesson.title(language) }</strong>
                    <span class="lesson-text">{ lesson.text(language) }</span>
                </button>
            </li>
        }
    };
    html! {
        <>
            <p class="lead">{ words::LESSONS_INTRO.of(language) }</p>
            <ul class="gallery">{ for Lesson::all().map(card) }</ul>
        </>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct LessonCardProps {
    pub(super) language: Language,
    pub(super) lesson: Lesson,
}

/// What the open lesson says, above its script.
#[component]
pub(super) fn LessonCard(props: &LessonCardProps) -> Html {
    let LessonCardProps { language, lesson } = *props;
    html! {
        <div class="lesson-open">
            <h3>{ lesson.title(language) }</h3>
            <p>{ lesson.text(language) }</p>
            <p><b>{ words::TRY.of(language) }</b>{ " " }{ lesson.attempt(language) }</p>
        </div>
    }
}

/// What the page opens on.
pub(super) const FIRST_SCRIPT: &str = "\
# three orders and a report, one server
async def order:
    cpu 1s
    block 4s \"requests.get\"
    await 2s
    cpu 500ms

def report:
    block 3s

run 3 order
run report
expect total 5s
";

const LESSONS: [Entry; 2] = [
    Entry {
        slug: "pasta-and-toast",
        title: Text::new("Pasta and toast", "파스타와 토스트"),
        text: Text::new(
            "Two dishes, one cook. While the pasta boils, the cook is free: the total is the longest dish, not the sum.",
            "요리 둘, 요리사 하나. 파스타가 끓는 동안 요리사는 자유롭습니다. 총 시간은 합이 아니라 가장 긴 요리입니다.",
        ),
        attempt: Text::new(
            "make the toast take 6 s. What does the total become?",
            "토스트를 6초로 바꿔 보세요. 총 시간은 얼마가 될까요?",
        ),
        script: "pasta: await 3 -> await 5\ntoast: await 2\nexpect total 8s\n",
    },
    Entry {
        slug: "frozen-loop",
        title: Text::new("One call freezes everybody", "호출 하나가 모두를 멈춘다"),
        text: Text::new(
            "A blocking call inside async def holds the event loop. Four requests of 5 s take 20 s, one after the other.",
            "async def 안의 블로킹 호출은 이벤트 루프를 붙듭니다. 5초짜리 요청 넷이 차례로 20초 걸립니다.",
        ),
        attempt: Text::new(
            "write await instead of block.",
            "block을 await로 바꿔 보세요.",
        ),
        script: "async def request:\n    block 5s \"requests.get\"\n\nrun 4 request\nexpect total 20s\n",
    },
];
