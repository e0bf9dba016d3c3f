import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { BUILT_IN_RULES } from "../../src/alerts/rules/built-in-rules.ts";
import { FINDINGS } from "../../src/diagnose/finding.ts";
import { read, ROOT } from "./support/repository.ts";

// docs/operations.md is where alerts and findings lead. Their links end with the names of its sections.

const page = read("docs/operations.md");
const [alertPart = "", findingPart = ""] = ["## Alerts", "## Findings"].map(
  (title) => page.split(`\n${title}\n`)[1]?.split("\n## ")[0],
);

function sectionsOf(part: string): ReadonlyMap<string, string> {
  const [, ...sections] = part.split(/^### /m);
  return new Map(
    sections.map((section) => {
      const [title = "", ...text] = section.split("\n");
      return [title, text.join("\n").trim()];
    }),
  );
}

/** The findings of `quorumlock diagnose`. */
const CODES: readonly string[] = Object.keys(FINDINGS);

describe("docs/operations.md", () => {
  test("has a section for each alert, and no other", () => {
    // The last two exist only in the built-in engine.
    const names = [...BUILT_IN_RULES.map(({ name }) => name), "channel_dead", "rule_failed"];
    expect([...sectionsOf(alertPart).keys()]).toEqual(names);
  });

  test("has a section for each finding, with its cause and what to do, and no other", () => {
    const sections = sectionsOf(findingPart);
    expect([...sections.keys()]).toEqual(CODES);
    for (const text of sections.values()) expect(text).toMatch(/^[✕▲·] \*\*[A-Z][^*]+\.\*\* \S/);
  });

  test("has the planned work", () => {
    const titles = [...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    expect(titles).toEqual([
      "Alerts",
      "Findings",
      "Rolling upgrade",
      "Replacing a member",
      "Capacity",
      "Persistence",
      "After an outage",
      "Backup and restore",
    ]);
  });

  test("the rules of Prometheus lead to its sections", () => {
    const links = [
      ...read("deploy/prometheus/redlock-rules.yaml").matchAll(/runbook_url: .*\/(docs\/.*)#(.*)$/gm),
    ];
    expect(links).toHaveLength(BUILT_IN_RULES.length);
    for (const [, path, anchor = ""] of links) {
      expect(path).toBe("docs/operations.md");
      expect(sectionsOf(alertPart).has(anchor)).toBe(true);
    }
  });

  test.each(["docs/operations.md", "docs/deploy.md", "docs/alerts.md"])(
    "links of %s lead to sections that exist",
    (path) => {
      const anchorsOf = (text: string): ReadonlySet<string> =>
        new Set(
          [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
            title
              .toLowerCase()
              .replace(/[^\p{L}\p{N}_ -]/gu, "")
              .replaceAll(" ", "-"),
          ),
        );
      const broken = [...read(path).matchAll(/\]\(([^)#:]*)#([^)]*)\)/g)].filter(
        ([, target = "", anchor = ""]) => {
          const linked = target === "" ? path : new URL(target, "file:///docs/").pathname.slice(1);
          return !anchorsOf(read(linked)).has(anchor);
        },
      );
      expect(broken.map(([link]) => link)).toEqual([]);
      for (const [, target = ""] of read(path).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g))
        expect([target, existsSync(new URL(target, `file://${ROOT}docs/`))]).toEqual([target, true]);
    },
  );
});
