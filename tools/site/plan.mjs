// The list of the site's documents with their paths.

export const LANGUAGES = ["en", "ko"];

/**
 * In the order of the menu. `other` is the path of the same page in the other languages, if it
 * exists.
 */
export const DOCUMENTS = [
  { group: "learn", source: "docs/guide.md", path: "docs/guide/", language: "en", other: "docs/guide/" },
  { group: "learn", source: "docs/guide.ko.md", path: "ko/docs/guide/", language: "ko", other: "docs/guide/" },
  { group: "learn", source: "docs/language.md", path: "docs/language/", language: "en" },
  { group: "learn", source: "docs/cli.md", path: "docs/cli/", language: "en" },
  { group: "learn", source: "docs/python.md", path: "docs/python/", language: "en" },
  { group: "learn", source: "docs/python-runtime.md", path: "docs/python-runtime/", language: "en" },
  { group: "learn", source: "docs/python-api.md", path: "docs/python-api/", language: "en" },
  { group: "learn", source: "docs/glossary.md", path: "docs/glossary/", language: "en" },
  { group: "teach", source: "docs/embed/README.md", path: "docs/embed/", language: "en", other: "docs/embed/" },
  { group: "teach", source: "docs/embed/README.ko.md", path: "ko/docs/embed/", language: "ko", other: "docs/embed/" },
  { group: "teach", source: "docs/embed/element.md", path: "docs/embed/element/", language: "en", other: "docs/embed/element/" },
  { group: "teach", source: "docs/embed/element.ko.md", path: "ko/docs/embed/element/", language: "ko", other: "docs/embed/element/" },
  { group: "teach", source: "docs/embed/plain.md", path: "docs/embed/plain/", language: "en", other: "docs/embed/plain/" },
  { group: "teach", source: "docs/embed/plain.ko.md", path: "ko/docs/embed/plain/", language: "ko", other: "docs/embed/plain/" },
  { group: "teach", source: "docs/embed/jekyll.md", path: "docs/embed/jekyll/", language: "en", other: "docs/embed/jekyll/" },
  { group: "teach", source: "docs/embed/jekyll.ko.md", path: "ko/docs/embed/jekyll/", language: "ko", other: "docs/embed/jekyll/" },
  { group: "teach", source: "docs/embed/mkdocs.md", path: "docs/embed/mkdocs/", language: "en", other: "docs/embed/mkdocs/" },
  { group: "teach", source: "docs/embed/mkdocs.ko.md", path: "ko/docs/embed/mkdocs/", language: "ko", other: "docs/embed/mkdocs/" },
  { group: "teach", source: "docs/embed/docusaurus.md", path: "docs/embed/docusaurus/", language: "en", other: "docs/embed/docusaurus/" },
  { group: "teach", source: "docs/embed/docusaurus.ko.md", path: "ko/docs/embed/docusaurus/", language: "ko", other: "docs/embed/docusaurus/" },
  { group: "teach", source: "docs/embed/sphinx.md", path: "docs/embed/sphinx/", language: "en", other: "docs/embed/sphinx/" },
  { group: "teach", source: "docs/embed/sphinx.ko.md", path: "ko/docs/embed/sphinx/", language: "ko", other: "docs/embed/sphinx/" },
  { group: "teach", source: "docs/embed/mdbook.md", path: "docs/embed/mdbook/", language: "en", other: "docs/embed/mdbook/" },
  { group: "teach", source: "docs/embed/mdbook.ko.md", path: "ko/docs/embed/mdbook/", language: "ko", other: "docs/embed/mdbook/" },
  { group: "teach", source: "docs/embed/lms.md", path: "docs/embed/lms/", language: "en", other: "docs/embed/lms/" },
  { group: "teach", source: "docs/embed/lms.ko.md", path: "ko/docs/embed/lms/", language: "ko", other: "docs/embed/lms/" },
  { group: "teach", source: "docs/embed/protocol.md", path: "docs/embed/protocol/", language: "en" },
  { group: "teach", source: "docs/embed/continuous-integration.md", path: "docs/embed/continuous-integration/", language: "en", other: "docs/embed/continuous-integration/" },
  { group: "teach", source: "docs/embed/continuous-integration.ko.md", path: "ko/docs/embed/continuous-integration/", language: "ko", other: "docs/embed/continuous-integration/" },
  { group: "prove", source: "docs/model-card.md", path: "docs/model-card/", language: "en" },
  { group: "prove", source: "docs/companion-api.md", path: "docs/companion-api/", language: "en" },
  { group: "prove", source: "docs/trace-format.md", path: "docs/trace-format/", language: "en" },
  { group: "prove", source: "docs/data-contract.md", path: "docs/data-contract/", language: "en" },
  { group: "prove", source: "docs/benchmarks.md", path: "docs/benchmarks/", language: "en" },
  { group: "project", source: "docs/languages.md", path: "docs/languages/", language: "en" },
  { group: "project", source: "docs/decisions.md", path: "docs/decisions/", language: "en" },
  { group: "project", source: "ARCHITECTURE.md", path: "docs/architecture/", language: "en" },
  { group: "project", source: "CHANGELOG.md", path: "docs/changelog/", language: "en" },
];
