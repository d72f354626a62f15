// The steps of .github/workflows that run commands, and what becomes of each here: how it is run, or why it is not.
//
// `workflows.test.mjs` runs them in order, in a copy of the sources; tests/build/workflows.test.mjs checks that no
// step is missing.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const folder = join(root, ".github/workflows");
export const workflows = readdirSync(folder).filter((name) => name.endsWith(".yml")).sort();

/** A tag of a version that the copy is set to. */
export const VERSION = "9.8.7";
/** Where the repository is. */
export const SOURCE = "https://code.example/loops";

/** Steps that run commands, as `{ workflow, job, name, run, env }`. */
export function steps() {
  return workflows.flatMap((workflow) => {
    const { jobs } = parse(readFileSync(join(folder, workflow), "utf8"));
    return Object.entries(jobs).flatMap(([job, { steps = [] }]) => steps.filter(({ run }) => run).map(({ name, run, env = {} }) => ({ workflow, job, name, run, env })));
  });
}

/** All actions that the workflows use. */
export function actions() {
  return workflows.flatMap((workflow) => {
    const { jobs } = parse(readFileSync(join(folder, workflow), "utf8"));
    return Object.values(jobs).flatMap(({ uses, steps = [] }) => [uses, ...steps.map((step) => step.uses)].filter(Boolean));
  });
}

/** A step that is run: with values for its variables that are expressions, and what it is given and leaves. */
const runs = (options = {}) => ({ isRun: true, env: {}, ...options });
const left = (why) => ({ isRun: false, why });

/** By workflow, job and name. */
export const PLAN = {
  "pages.yml": {
    site: {
      "The pages of all releases": runs({ env: { GH_TOKEN: "none" }, leaves: [`target/released/loopscope-page-${VERSION}.zip`] }),
      "The site": runs({
        env: { LOOPSCOPE_SITE_ADDRESS: "https://course.example/loops", LOOPSCOPE_SITE_SOURCE: SOURCE },
        // The page is built already, and a program, too.
        instead: ["make site", "node tools/site/build.mjs"],
        leaves: ["site/index.html", "site/sitemap.xml", "site/v1/embed/v1/embed.js", `site/v${VERSION}/index.html`, "site/404.html"],
      }),
    },
  },
  "release.yml": {
    version: {
      "The tag is the version, and the changelog has its notes": runs({ env: { TAG: `v${VERSION}` } }),
    },
    page: {
      "The page, and the site around it": runs({ instead: ["make site", "node tools/site/build.mjs"], leaves: ["site/index.html"] }),
      "Both as zip": runs({ leaves: [`target/zips/loopscope-page-${VERSION}.zip`, `target/zips/loopscope-site-${VERSION}.zip`] }),
    },
    wheels: {
      "maturin and zig": runs({ venv: "target/wheel-tools" }),
      "The wheel": left("takes ten minutes; it is the command of `make wheel`, whose wheel the next steps get"),
      "The wheel is used as a user does": runs(),
      "The command line as an archive": runs({ leaves: ["target/archives/"] }),
    },
    windows: {
      "The wheel without the program": runs({ venv: "target/tried", leaves: ["target/any/"] }),
      "That wheel is used as a user does": runs({ venv: "target/tried-any", isNew: true }),
    },
    packages: {
      "The sdist": runs({ leaves: ["target/wheels/"] }),
      "The crates": runs({ leaves: [`target/package/loopscope-${VERSION}.crate`] }),
      "The package of npm": runs({ env: { LOOPSCOPE_SITE_SOURCE: SOURCE }, leaves: [`target/npm/loopscope-lab-${VERSION}.tgz`] }),
    },
    release: {
      "The files in one folder, with their checksums": runs({ leaves: ["target/assets/SHA256SUMS"] }),
      "What PyPI shows is in order": runs(),
      "The release": runs({ env: { GH_TOKEN: "none", TAG: `v${VERSION}` }, leaves: ["target/released-files"] }),
    },
    pypi: {
      "The wheels and the sdist in one folder": runs({ leaves: ["packages/"] }),
    },
    npm: {
      Publish: left("npm takes it from the repository's own workflow only; the archive is installed and used by npm.test.mjs"),
    },
    crates: {
      Publish: left("crates.io takes them from the repository's own workflow only; the packages are installed and used by install.test.mjs"),
    },
  },
  "test.yml": {
    test: {
      "Redis and fonts": runs({ needs: "apt-get" }),
      "Checks and tests": left("is the run to which this test belongs"),
    },
  },
};
