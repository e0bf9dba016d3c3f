import type { Document } from "./documents.ts";

/** A group of pages in the side bar and in llms.txt. */
export interface Group {
  readonly title: string;
  readonly korean: string;
  readonly entries: readonly Entry[];
  readonly isCollapsed?: boolean;
}

export interface Entry {
  /** The path of the page, such as "recipes.md". */
  readonly page: string;
  /** A short title for the side bar. */
  readonly label: string;
  /** The same in Korean, if the label is more than a name. */
  readonly korean?: string;
}

const entry = (page: string, label: string, korean?: string): Entry => ({
  page: `${page}.md`,
  label,
  ...(korean === undefined ? {} : { korean }),
});

/** A document that is in none of them is in the group "More". An entry without a document is left out. */
const GROUPS: readonly Group[] = [
  {
    title: "Start",
    korean: "시작하기",
    entries: [
      entry("guide", "Guide", "안내"),
      entry("recipes", "Recipes", "레시피"),
      entry("faq", "Questions and answers", "자주 묻는 질문"),
      entry("comparison", "Comparison", "비교"),
      entry("migration", "Migration", "옮겨 오기"),
    ],
  },
  {
    title: "Locks",
    korean: "락",
    entries: [
      entry("primitives", "Primitives", "기본 락"),
      entry("compositions", "Compositions", "조합"),
      entry("policies", "Policies", "정책"),
      entry("patterns", "Patterns", "패턴"),
    ],
  },
  {
    title: "Reference",
    korean: "레퍼런스",
    entries: [
      entry("api/index", "API: contents", "API: 목차"),
      entry("errors", "Errors", "오류"),
      entry("events", "Events", "이벤트"),
      entry("operator", "Locks of other processes", "다른 프로세스의 락"),
    ],
  },
  {
    title: "Integrations",
    korean: "연동",
    entries: [
      entry("web-locks", "Web Locks"),
      entry("clients", "Clients of Redis and Valkey", "Redis와 Valkey 클라이언트"),
      entry("nestjs", "NestJS"),
      entry("eslint-plugin", "ESLint plugin", "ESLint 플러그인"),
      entry("lint", "ESLint rules", "ESLint 규칙"),
      entry("kafka", "Kafka"),
      entry("kubernetes", "Kubernetes"),
      entry("runtimes", "Runtimes", "런타임"),
    ],
  },
  {
    title: "Observation",
    korean: "관찰",
    entries: [
      entry("observability", "Metrics, traces, logs", "메트릭, 트레이스, 로그"),
      entry("health", "Health", "상태 확인"),
      entry("diagnostics", "Diagnostics", "진단"),
      entry("alerts", "Alerts", "알림"),
      entry("monitor", "Monitor", "모니터"),
    ],
  },
  {
    title: "Operations",
    korean: "운영",
    entries: [
      entry("deploy", "Deployment", "배포"),
      entry("servers", "Rights on the servers", "서버 권한"),
      entry("operations", "What to do", "대응 방법"),
      entry("command", "The command", "명령어"),
      entry("exec", "A command under a lock", "락을 잡고 명령 실행"),
      entry("scaling", "Scaling", "확장"),
    ],
  },
  {
    title: "Guarantees and proof",
    korean: "보장과 검증",
    entries: [
      entry("guarantees", "Guarantees", "보장"),
      entry("protocol", "Protocol", "프로토콜"),
      entry("verification", "Verification", "검증"),
      entry("performance", "Performance", "성능"),
      entry("performance-method", "How performance is measured", "성능 측정 방법"),
    ],
  },
  {
    title: "Project",
    korean: "프로젝트",
    isCollapsed: true,
    entries: [
      entry("changelog", "Changes", "변경 사항"),
      entry("security", "Security", "보안"),
      entry("architecture", "Architecture", "아키텍처"),
      entry("contributing", "Contributing", "기여하기"),
    ],
  },
];

/** The groups with the pages that exist, and the parts of the API in a group of their own. */
export function groupsOf(documents: readonly Document[]): readonly Group[] {
  const pages = new Set(documents.map(({ page }) => page));
  const listed = new Set(GROUPS.flatMap(({ entries }) => entries.map(({ page }) => page)));
  const others = [...pages].filter((page) => !listed.has(page) && !page.startsWith("ko/"));
  const api = documents.flatMap(({ parts }) => parts.map(({ page, title }) => ({ page, label: title })));
  const groups = GROUPS.map((group) => ({
    ...group,
    entries: group.entries.filter(({ page }) => pages.has(page)),
  }));
  const reference = groups.findIndex(({ title }) => title === "Reference");
  return [
    ...groups.slice(0, reference + 1),
    { title: "API", korean: "API", isCollapsed: true, entries: api },
    ...groups.slice(reference + 1),
    {
      title: "More",
      korean: "그 밖에",
      entries: others.map((page) => entry(page.slice(0, -3), page.slice(0, -3))),
    },
  ].filter(({ entries }) => entries.length > 0);
}
