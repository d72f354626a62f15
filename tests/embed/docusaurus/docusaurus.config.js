// A course of two pages at the root of its site.
export default {
  title: "Concurrency by example",
  url: "https://course.example",
  baseUrl: "/",
  onBrokenLinks: "throw",
  scripts: [{ src: "https://loopscope.example/embed/v1/embed.js", async: true }],
  plugins: [["@docusaurus/plugin-content-docs", { routeBasePath: "/", sidebarPath: false }]],
  themes: ["@docusaurus/theme-classic"],
};
