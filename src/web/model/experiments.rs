//! The texts of the gallery: 25 classic experiments, each with a few sentences,
//! something to try, and one or more scripts to compare.
//!
//! The scripts are files; their claims are tested where the simulator is.

use crate::language::Text;

pub(in crate::web) struct Experiment {
    /// For links and tests.
    pub(in crate::web) slug: &'static str,
    pub(in crate::web) title: Text,
    pub(in crate::web) text: Text,
    pub(in crate::web) attempt: Text,
    pub(in crate::web) variants: &'static [Variant],
}

/// One of the scripts of an experiment.
pub(in crate::web) struct Variant {
    /// Empty where there is only one.
    pub(in crate::web) name: Text,
    pub(in crate::web) script: &'static str,
}

macro_rules! variant {
    ($file:literal, $en:literal, $ko:literal) => {
        Variant {
            name: Text::new($en, $ko),
            script: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/www/lessons/",
                $file,
                ".loop"
            )),
        }
    };
}

pub(in crate::web) const EXPERIMENTS: [Experiment; 25] = [
    Experiment {
        slug: "pasta-and-toast",
        title: Text::new("Pasta and toast", "파스타와 토스트"),
        text: Text::new(
            "Both dishes only wait. The total is the longest dish, not the sum, and whoever waits less is done first.",
            "두 요리 모두 기다리기만 합니다. 총 시간은 합이 아니라 가장 긴 요리이고, 덜 기다리는 쪽이 먼저 끝납니다.",
        ),
        attempt: Text::new(
            "make the toast take 9 s. When is the pasta done?",
            "토스트를 9초로 바꿔 보세요. 파스타는 언제 끝날까요?",
        ),
        variants: &[
            variant!("01a-pasta-and-toast", "toast 2 s", "토스트 2초"),
            variant!("01b-pasta-and-toast", "toast 6 s", "토스트 6초"),
        ],
    },
    Experiment {
        slug: "busy-hands",
        title: Text::new("Busy hands", "바쁜 손"),
        text: Text::new(
            "Kneading keeps the cook's hands busy: that is CPU. While one task computes, nobody else on the loop can start.",
            "반죽은 손을 씁니다. CPU 작업입니다. 한 태스크가 계산하는 동안 루프의 다른 태스크는 시작도 못 합니다.",
        ),
        attempt: Text::new(
            "swap the two tasks. Does the total change?",
            "두 태스크의 순서를 바꿔 보세요. 총 시간이 달라지나요?",
        ),
        variants: &[
            variant!("02a-busy-hands", "await 6", "await 6"),
            variant!("02b-busy-hands", "await 2", "await 2"),
            variant!("02c-busy-hands", "cpu 6", "cpu 6"),
            variant!("02d-busy-hands", "threads", "스레드"),
            variant!("02e-busy-hands", "processes", "프로세스"),
        ],
    },
    Experiment {
        slug: "two-pieces-of-cpu",
        title: Text::new("Two pieces of CPU", "두 조각의 CPU"),
        text: Text::new(
            "Between two pieces of CPU nobody else gets a turn, unless the task gives the loop back with a yield. The total stays 13 s; the order changes.",
            "CPU 두 조각 사이에는 아무도 차례를 얻지 못합니다. yield로 루프를 내주어야 합니다. 총 13초는 그대로이고 순서만 바뀝니다.",
        ),
        attempt: Text::new(
            "put a second yield anywhere. Who runs next?",
            "yield를 하나 더 넣어 보세요. 다음은 누구 차례일까요?",
        ),
        variants: &[
            variant!("03a-two-pieces-of-cpu", "without yield", "yield 없이"),
            variant!("03b-two-pieces-of-cpu", "with yield", "yield 있음"),
        ],
    },
    Experiment {
        slug: "two-cooks",
        title: Text::new(
            "The foolish and the clever cook",
            "어리석은 요리사와 영리한 요리사",
        ),
        text: Text::new(
            "One after the other takes 15 s. Side by side takes 13 s: the tutorial says about 10, but noodles need the boiled water.",
            "하나씩 하면 15초, 함께 하면 13초입니다. 튜토리얼은 약 10초라고 하지만, 면은 끓은 물이 필요합니다.",
        ),
        attempt: Text::new(
            "what would have to be faster to reach 10 s?",
            "10초가 되려면 무엇이 더 빨라야 할까요?",
        ),
        variants: &[
            variant!("04a-two-cooks", "foolish", "어리석게"),
            variant!("04b-two-cooks", "clever", "영리하게"),
        ],
    },
    Experiment {
        slug: "life-of-a-task",
        title: Text::new("The life of a task", "태스크의 일생"),
        text: Text::new(
            "New, ready, running, waiting, finished. Step through it and watch both queues.",
            "생성, 준비, 실행, 대기, 종료. 한 단계씩 넘기며 두 큐를 지켜보세요.",
        ),
        attempt: Text::new(
            "step with [ and ], forwards and backwards.",
            "[ 와 ] 키로 앞뒤로 한 단계씩 움직여 보세요.",
        ),
        variants: &[variant!("05-life-of-a-task", "", "")],
    },
    Experiment {
        slug: "three-requests",
        title: Text::new("Three requests", "요청 세 개"),
        text: Text::new(
            "Three requests of 3 s: 9 s when each waits for the one before, 3 s when they wait together.",
            "3초짜리 요청 세 개. 차례로 기다리면 9초, 함께 기다리면 3초입니다.",
        ),
        attempt: Text::new("ask for 300 instead of 3.", "3 대신 300을 써 보세요."),
        variants: &[
            variant!("06a-three-requests", "one by one", "하나씩"),
            variant!("06b-three-requests", "together", "함께"),
        ],
    },
    Experiment {
        slug: "one-ten-a-hundred",
        title: Text::new("One, ten, a hundred", "하나, 열, 백"),
        text: Text::new(
            "A hundred requests of 3 s. The tutorials' 300 s is one blocking worker; FastAPI's 40 threads need 9 s, await needs 3 s.",
            "3초짜리 요청 100개. 튜토리얼의 300초는 블로킹 워커 하나일 때입니다. FastAPI의 스레드 40개로는 9초, await로는 3초입니다.",
        ),
        attempt: Text::new(
            "find the smallest pool that needs 6 s.",
            "6초에 끝나는 가장 작은 풀을 찾아보세요.",
        ),
        variants: &[
            variant!("07a-one-ten-a-hundred", "one thread", "스레드 1개"),
            variant!("07b-one-ten-a-hundred", "40 threads", "스레드 40개"),
            variant!("07c-one-ten-a-hundred", "await", "await"),
        ],
    },
    Experiment {
        slug: "three-pings",
        title: Text::new("Terrible, good, perfect", "끔찍한, 좋은, 완벽한 핑"),
        text: Text::new(
            "The same wait in three dresses: blocking the loop freezes everybody, a def takes a thread each, await is free.",
            "같은 기다림의 세 모습. 루프를 막으면 모두 멈추고, def는 스레드를 하나씩 쓰고, await는 공짜입니다.",
        ),
        attempt: Text::new(
            "look at when hello is answered in each.",
            "각 경우에 hello가 언제 응답되는지 보세요.",
        ),
        variants: &[
            variant!("08a-three-pings", "terrible", "끔찍한"),
            variant!("08b-three-pings", "good", "좋은"),
            variant!("08c-three-pings", "perfect", "완벽한"),
        ],
    },
    Experiment {
        slug: "a-hundred-pings",
        title: Text::new("A hundred pings", "핑 백 개"),
        text: Text::new(
            "A hundred requests of one second: 1 s, 3 s (40 + 40 + 20) or 100 s. One word decides.",
            "1초짜리 요청 100개: 1초, 3초(40 + 40 + 20), 또는 100초. 단어 하나가 정합니다.",
        ),
        attempt: Text::new(
            "set the pool to 100 in the second.",
            "두 번째에서 풀을 100으로 바꿔 보세요.",
        ),
        variants: &[
            variant!("09a-a-hundred-pings", "await", "await"),
            variant!("09b-a-hundred-pings", "def", "def"),
            variant!("09c-a-hundred-pings", "block", "block"),
        ],
    },
    Experiment {
        slug: "the-forty-first",
        title: Text::new("The forty-first", "마흔한 번째"),
        text: Text::new(
            "A def handler needs one of 40 threads. Request 41 starts when the first is done, five seconds later.",
            "def 핸들러는 스레드 40개 중 하나가 필요합니다. 41번째 요청은 첫 요청이 끝난 5초 뒤에야 시작합니다.",
        ),
        attempt: Text::new(
            "click a waiting bar: what does it wait for?",
            "기다리는 막대를 눌러 무엇을 기다리는지 보세요.",
        ),
        variants: &[variant!("10-the-forty-first", "", "")],
    },
    Experiment {
        slug: "the-staircase",
        title: Text::new("The staircase", "계단"),
        text: Text::new(
            "Four blocking calls inside async def: 0–5, 5–10, 10–15, 15–20. The picture of a frozen loop.",
            "async def 안의 블로킹 호출 넷: 0–5, 5–10, 10–15, 15–20. 멈춘 루프의 모습입니다.",
        ),
        attempt: Text::new(
            "write await instead of block.",
            "block을 await로 바꿔 보세요.",
        ),
        variants: &[variant!("11-the-staircase", "", "")],
    },
    Experiment {
        slug: "the-fifth-sleeps",
        title: Text::new("The fifth sleeps", "다섯째가 잔다"),
        text: Text::new(
            "Ten requests, the fifth sleeps 20 s. With def nobody else notices; with async def five others wait with it.",
            "요청 열 개 중 다섯째가 20초를 잡니다. def라면 아무도 모르고, async def라면 뒤의 다섯이 함께 기다립니다.",
        ),
        attempt: Text::new(
            "let the sleeper be the first.",
            "잠자는 요청을 맨 앞에 두어 보세요.",
        ),
        variants: &[
            variant!("12a-the-fifth-sleeps", "def", "def"),
            variant!("12b-the-fifth-sleeps", "async def", "async def"),
        ],
    },
    Experiment {
        slug: "a-sync-sdk",
        title: Text::new("A sync SDK in async def", "async def 안의 동기 SDK"),
        text: Text::new(
            "The library blocks. As it is, it freezes the server; in the thread pool it takes a thread; an async library takes nothing.",
            "라이브러리가 블로킹합니다. 그대로 두면 서버가 멈추고, 스레드 풀에서는 스레드를 쓰고, 비동기 라이브러리는 아무것도 붙들지 않습니다.",
        ),
        attempt: Text::new(
            "raise the number of chats to 50 in the second.",
            "두 번째에서 chat을 50개로 늘려 보세요.",
        ),
        variants: &[
            variant!("13a-a-sync-sdk", "as it is", "그대로"),
            variant!("13b-a-sync-sdk", "thread pool", "스레드 풀"),
            variant!("13c-a-sync-sdk", "async library", "비동기 라이브러리"),
        ],
    },
    Experiment {
        slug: "heavy-cpu",
        title: Text::new("Heavy CPU", "무거운 CPU"),
        text: Text::new(
            "Ten seconds of computing four times over. Threads do not help under the GIL; processes do, and the loop stays responsive.",
            "10초 계산을 네 번. GIL 아래에서 스레드는 도움이 되지 않습니다. 프로세스는 빨라지고 루프도 살아 있습니다.",
        ),
        attempt: Text::new(
            "turn the GIL off in the second.",
            "두 번째에서 GIL을 꺼 보세요.",
        ),
        variants: &[
            variant!("14a-heavy-cpu", "async def", "async def"),
            variant!("14b-heavy-cpu", "threads", "스레드"),
            variant!("14c-heavy-cpu", "processes", "프로세스"),
        ],
    },
    Experiment {
        slug: "the-job-queue",
        title: Text::new("The job queue", "작업 큐"),
        text: Text::new(
            "The request sends the job and answers at once; a later poll fetches the result. The answer no longer waits for the work.",
            "요청은 작업을 보내고 곧바로 응답하며, 결과는 나중에 가져갑니다. 응답이 더는 작업을 기다리지 않습니다.",
        ),
        attempt: Text::new(
            "order five reports. How long is the queue?",
            "보고서를 다섯 개 주문해 보세요. 큐는 얼마나 길어질까요?",
        ),
        variants: &[
            variant!("15a-the-job-queue", "without", "없이"),
            variant!("15b-the-job-queue", "with", "있으면"),
        ],
    },
    Experiment {
        slug: "a-service-of-its-own",
        title: Text::new("A service of its own", "따로 떼어 낸 서비스"),
        text: Text::new(
            "The heavy part runs in a service behind HTTP. The API waits without blocking; the service's own capacity is the limit.",
            "무거운 부분을 HTTP 뒤의 서비스로 옮깁니다. API는 막히지 않고 기다리며, 한계는 서비스의 용량입니다.",
        ),
        attempt: Text::new(
            "give the service four processes.",
            "서비스에 프로세스를 네 개 줘 보세요.",
        ),
        variants: &[variant!("16-a-service-of-its-own", "", "")],
    },
    Experiment {
        slug: "a-sync-dependency",
        title: Text::new("A small sync dependency", "작은 동기 의존성"),
        text: Text::new(
            "One millisecond of a sync dependency needs a thread of the pool. When 40 reports hold them all, the async route waits 9 s for nothing.",
            "1밀리초짜리 동기 의존성도 풀의 스레드가 필요합니다. 보고서 40개가 모두 쓰고 있으면 비동기 라우트가 9초를 헛되이 기다립니다.",
        ),
        attempt: Text::new(
            "run 39 reports in the first.",
            "첫 번째에서 보고서를 39개로 줄여 보세요.",
        ),
        variants: &[
            variant!("17a-a-sync-dependency", "def", "def"),
            variant!("17b-a-sync-dependency", "async def", "async def"),
        ],
    },
    Experiment {
        slug: "gather",
        title: Text::new("Gather", "모으기"),
        text: Text::new(
            "Three fetches together take as long as the slowest one; one after the other, as long as all.",
            "세 요청을 함께 하면 가장 느린 하나만큼, 차례로 하면 모두의 합만큼 걸립니다.",
        ),
        attempt: Text::new(
            "make the fast ones faster. Does it help?",
            "빠른 것을 더 빠르게 해 보세요. 도움이 되나요?",
        ),
        variants: &[
            variant!("18a-gather", "gather", "gather"),
            variant!("18b-gather", "one by one", "하나씩"),
        ],
    },
    Experiment {
        slug: "producer-and-consumer",
        title: Text::new("Producer and consumer", "생산자와 소비자"),
        text: Text::new(
            "One puts an item each second, the other takes two seconds for each: the consumer sets the pace, and a bounded queue pushes back.",
            "하나는 1초마다 넣고 다른 하나는 2초씩 꺼내 씁니다. 소비자가 속도를 정하고, 크기가 정해진 큐는 생산자를 멈춥니다.",
        ),
        attempt: Text::new("add a second consumer.", "소비자를 하나 더 만들어 보세요."),
        variants: &[
            variant!("19a-producer-and-consumer", "unbounded", "무제한 큐"),
            variant!("19b-producer-and-consumer", "bounded", "제한된 큐"),
        ],
    },
    Experiment {
        slug: "a-semaphore",
        title: Text::new("A semaphore", "세마포어"),
        text: Text::new(
            "A hundred calls, ten at a time: waves of ten.",
            "호출 100개를 한 번에 열 개씩. 열 개의 물결이 됩니다.",
        ),
        attempt: Text::new(
            "which limit gives 5 s?",
            "5초가 되려면 제한은 얼마여야 할까요?",
        ),
        variants: &[variant!("20-a-semaphore", "", "")],
    },
    Experiment {
        slug: "timeouts",
        title: Text::new("Timeouts", "시간 제한"),
        text: Text::new(
            "A timeout cancels a wait, leaves a thread running, and fires late around blocking code.",
            "시간 제한은 기다림을 취소하고, 스레드는 계속 돌게 두며, 블로킹 코드 앞에서는 늦게 울립니다.",
        ),
        attempt: Text::new(
            "put a yield behind the block in the third.",
            "세 번째에서 block 뒤에 yield를 넣어 보세요.",
        ),
        variants: &[
            variant!("21a-timeouts", "await", "await"),
            variant!("21b-timeouts", "thread", "스레드"),
            variant!("21c-timeouts", "block", "block"),
        ],
    },
    Experiment {
        slug: "a-task-group",
        title: Text::new("A task group", "태스크 그룹"),
        text: Text::new(
            "One of three fails: a task group cancels the siblings, gather lets them run on.",
            "셋 중 하나가 실패합니다. 태스크 그룹은 나머지를 취소하고, gather는 계속 돌게 둡니다.",
        ),
        attempt: Text::new("let fetch_ads take 1 s.", "fetch_ads를 1초로 바꿔 보세요."),
        variants: &[
            variant!("22a-a-task-group", "group", "group"),
            variant!("22b-a-task-group", "gather", "gather"),
        ],
    },
    Experiment {
        slug: "the-gil",
        title: Text::new("The GIL", "GIL"),
        text: Text::new(
            "Two seconds of CPU: one thread 2 s, two threads with the GIL 2 s, without it 1 s, two processes 1 s.",
            "CPU 2초. 스레드 하나로 2초, GIL이 있는 스레드 둘로 2초, GIL 없이 1초, 프로세스 둘로 1초입니다.",
        ),
        attempt: Text::new(
            "zoom into the second until you see the turns of 5 ms.",
            "두 번째를 확대해 5밀리초마다 바뀌는 차례를 찾아보세요.",
        ),
        variants: &[
            variant!("23a-the-gil", "one thread", "스레드 하나"),
            variant!("23b-the-gil", "with GIL", "GIL 있음"),
            variant!("23c-the-gil", "without", "GIL 없음"),
            variant!("23d-the-gil", "processes", "프로세스"),
        ],
    },
    Experiment {
        slug: "io-and-cpu-together",
        title: Text::new("I/O and CPU together", "I/O와 CPU를 함께"),
        text: Text::new(
            "With the CPU part in a process the total is the longer of the two; on the loop it is the sum.",
            "CPU 작업을 프로세스로 보내면 총 시간은 둘 중 긴 쪽, 루프에 두면 합이 됩니다.",
        ),
        attempt: Text::new(
            "use thread instead of process.",
            "process 대신 thread를 써 보세요.",
        ),
        variants: &[
            variant!("24a-io-and-cpu-together", "process", "프로세스"),
            variant!("24b-io-and-cpu-together", "on the loop", "루프에서"),
        ],
    },
    Experiment {
        slug: "several-servers",
        title: Text::new("Several servers", "서버 여러 개"),
        text: Text::new(
            "Each server process has a loop of its own: one freezes, the other goes on serving.",
            "서버 프로세스마다 루프가 따로 있습니다. 하나가 멈춰도 다른 하나는 계속 응답합니다.",
        ),
        attempt: Text::new("send two terrible pings.", "끔찍한 핑을 두 개 보내 보세요."),
        variants: &[
            variant!("25a-several-servers", "one", "하나"),
            variant!("25b-several-servers", "two", "둘"),
        ],
    },
];
