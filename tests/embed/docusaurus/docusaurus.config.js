// A course of two pages, in the site's root.
export default {
  title: "Concurrency by example",
  url: "https://course.example",
  baseUrl: "/",
  onBrokenLinks: "throw",
  scripts: [{ src: "https://loopscope.example/embed/v1/embed.js", async: true }],
  plugins: [["@docusaurus/plugin-content-docs", { routeBasePath: "/", sidebarPath: false }]],
  themes: ["@docusaurus/theme-classic"],
};
