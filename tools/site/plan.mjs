// What the documentation consists of, and where it stands.

export const LANGUAGES = ["en", "ko"];

/** In the order of the menu. `other` is the same page in the other language, if there is one. */
export const DOCUMENTS = [
  { group: "learn", source: "docs/guide.md", path: "docs/guide/", language: "en", other: "docs/guide/" },
  { group: "learn", source: "docs/guide.ko.md", path: "ko/docs/guide/", language: "ko", other: "docs/guide/" },
  { group: "learn", source: "docs/language.md", path: "docs/language/", language: "en" },
  { group: "learn", source: "docs/python.md", path: "docs/python/", language: "en" },
  { group: "teach", source: "docs/embed/README.md", path: "docs/embed/", language: "en" },
  { group: "teach", source: "docs/embed/element.md", path: "docs/embed/element/", language: "en" },
  { group: "teach", source: "docs/embed/plain.md", path: "docs/embed/plain/", language: "en" },
  { group: "teach", source: "docs/embed/jekyll.md", path: "docs/embed/jekyll/", language: "en" },
  { group: "teach", source: "docs/embed/mkdocs.md", path: "docs/embed/mkdocs/", language: "en" },
  { group: "teach", source: "docs/embed/docusaurus.md", path: "docs/embed/docusaurus/", language: "en" },
  { group: "teach", source: "docs/embed/sphinx.md", path: "docs/embed/sphinx/", language: "en" },
  { group: "teach", source: "docs/embed/mdbook.md", path: "docs/embed/mdbook/", language: "en" },
  { group: "teach", source: "docs/embed/lms.md", path: "docs/embed/lms/", language: "en" },
  { group: "teach", source: "docs/embed/element.md", path: "docs/embed/element/", language: "en" },
  { group: "teach", source: "docs/embed/protocol.md", path: "docs/embed/protocol/", language: "en" },
  { group: "teach", source: "docs/embed/continuous-integration.md", path: "docs/embed/continuous-integration/", language: "en" },
  { group: "prove", source: "docs/model-card.md", path: "docs/model-card/", language: "en" },
  { group: "prove", source: "docs/companion-api.md", path: "docs/companion-api/", language: "en" },
  { group: "prove", source: "docs/trace-format.md", path: "docs/trace-format/", language: "en" },
  { group: "prove", source: "docs/data-contract.md", path: "docs/data-contract/", language: "en" },
  { group: "prove", source: "docs/benchmarks.md", path: "docs/benchmarks/", language: "en" },
  { group: "project", source: "docs/decisions.md", path: "docs/decisions/", language: "en" },
  { group: "project", source: "ARCHITECTURE.md", path: "docs/architecture/", language: "en" },
  { group: "project", source: "CHANGELOG.md", path: "docs/changelog/", language: "en" },
];
