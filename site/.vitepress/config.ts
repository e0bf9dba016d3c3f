import { defineConfig, type DefaultTheme } from "vitepress";
import { readDocuments } from "../src/documents.ts";
import { type Entry, type Group, groupsOf } from "../src/groups.ts";
import { slugify } from "../src/headings.ts";
import { repository } from "../src/places.ts";

const groups = groupsOf(readDocuments());

export default defineConfig({
  srcDir: "pages",
  outDir: "dist",
  cacheDir: ".vitepress/cache",
  title: "quorumlock",
  description: "Distributed locks for Node.js and TypeScript, held by a majority of Redis or Valkey servers",
  head: [["link", { rel: "icon", type: "image/svg+xml", href: "/logo.svg" }]],
  // Pages end in .html, so that every static host serves them.
  cleanUrls: false,
  markdown: {
    // The anchors of GitHub, so that the same links work in the repository and on the site.
    anchor: { slugify },
    // Braces in the documents are types, not attributes.
    attrs: { disable: true },
    languageAlias: { acl: "sh", cron: "sh" },
  },
  locales: {
    root: { label: "English", lang: "en", themeConfig: englishTheme() },
    ko: {
      label: "한국어",
      lang: "ko",
      description: "Redis·Valkey 서버 과반수가 잡아 주는 Node.js·TypeScript용 분산 락",
      themeConfig: koreanTheme(),
    },
  },
  themeConfig: {
    logo: "/logo.svg",
    // The pages have no translations, except the guide. The switch leads to the entry of the other language.
    i18nRouting: false,
    outline: [2, 3],
    socialLinks: [{ icon: "github", link: repository }],
    editLink: {
      // This function becomes a part of the pages, so it can use no names of this file.
      pattern: ({ frontmatter }) =>
        `https://github.com/quorumlock/quorumlock/edit/main/${String(frontmatter["source"])}`,
    },
    search: {
      provider: "local",
      options: { locales: { ko: { translations: koreanSearch() } } },
    },
  },
});

function englishTheme(): DefaultTheme.Config {
  return {
    nav: [
      { text: "Guide", link: "/guide" },
      { text: "Recipes", link: "/recipes" },
      { text: "API", link: "/api/", activeMatch: "^/api/" },
      { text: "Guarantees", link: "/guarantees" },
      { text: "Questions", link: "/faq" },
    ],
    sidebar: groups.map((group) => sidebarGroup(group.title, group, englishItem)),
  };
}

function koreanTheme(): DefaultTheme.Config {
  return {
    nav: [
      { text: "안내", link: "/ko/guide" },
      { text: "레시피", link: "/recipes" },
      { text: "API", link: "/api/" },
      { text: "보장", link: "/guarantees" },
      { text: "자주 묻는 질문", link: "/faq" },
    ],
    sidebar: groups.map((group) => sidebarGroup(group.korean, group, koreanItem)),
    outline: { level: [2, 3], label: "이 페이지에서" },
    docFooter: { prev: "이전", next: "다음" },
    darkModeSwitchLabel: "테마",
    sidebarMenuLabel: "메뉴",
    returnToTopLabel: "맨 위로",
    langMenuLabel: "언어 바꾸기",
    lightModeSwitchTitle: "밝은 테마로 바꾸기",
    darkModeSwitchTitle: "어두운 테마로 바꾸기",
    skipToContentLabel: "본문으로 건너뛰기",
  };
}

function sidebarGroup(
  text: string,
  { entries, isCollapsed = false }: Group,
  itemOf: (entry: Entry) => DefaultTheme.SidebarItem,
): DefaultTheme.SidebarItem {
  return { text, collapsed: isCollapsed, items: entries.map(itemOf) };
}

function englishItem({ page, label }: Entry): DefaultTheme.SidebarItem {
  return { text: label, link: linkTo(page) };
}

/** Only the guide exists in Korean. */
function koreanItem({ page, label, korean = label }: Entry): DefaultTheme.SidebarItem {
  return { text: korean, link: linkTo(page === "guide.md" ? `ko/${page}` : page) };
}

/** "api/index.md" → "/api/", "recipes.md" → "/recipes" */
function linkTo(page: string): string {
  return `/${page.replace(/(?:index)?\.md$/, "")}`;
}

function koreanSearch(): NonNullable<DefaultTheme.LocalSearchOptions["translations"]> {
  return {
    button: { buttonText: "검색", buttonAriaLabel: "검색" },
    modal: {
      noResultsText: "검색 결과가 없습니다:",
      resetButtonTitle: "지우기",
      backButtonTitle: "닫기",
      displayDetails: "자세히 보기",
      footer: { selectText: "선택", navigateText: "이동", closeText: "닫기" },
    },
  };
}
