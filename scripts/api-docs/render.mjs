/** The sections of the page. A declaration belongs to the first section that accepts it. */
const SECTIONS = [
  { title: "The client", accepts: ({ name }) => name === "Redlock" },
  { title: "Locks", accepts: ({ file }) => file === "lockable.ts" },
  { title: "Instances", accepts: ({ file }) => file.startsWith("instances/") },
  {
    title: "Compositions",
    link: "compositions.md",
    accepts: ({ file }) => file.startsWith("compositions/") && file !== "compositions/errors.ts",
  },
  {
    title: "Policies",
    link: "policies.md",
    accepts: ({ file }) => file.startsWith("policies/") && file !== "policies/errors.ts",
  },
  { title: "Options", accepts: ({ name }) => name.endsWith("Options") },
  { title: "Errors", link: "errors.md", accepts: ({ file }) => file.endsWith("/errors.ts") },
  { title: "Events", link: "events.md", accepts: ({ file }) => file === "base/events.ts" },
  {
    title: "Changes of the instances",
    link: "guarantees.md",
    accepts: ({ file }) => file.startsWith("client/"),
  },
  { title: "Time", accepts: ({ file }) => file === "base/clock.ts" },
  {
    title: "Records",
    accepts: ({ file }) => file.startsWith("patterns/records/"),
  },
  { title: "Other types", accepts: () => true },
];

const HEAD = `# API

Every class, method, option and error that is public. This page is made from the doc comments by \`npm run generate\`. Do not
edit it.

Every duration is a number of milliseconds. A bad argument throws a \`TypeError\` or a \`RangeError\` that names the field and
the value. An option that does not exist is a \`TypeError\`.`;

/** What is said of each subpath of the package. */
const SUBPATHS = {
  patterns: `Work that is done once: scheduled runs, and stores of records. [Patterns](patterns.md) shows how to use them.`,
  observe: `Figures, logs, reports and debug output. [Observability](observability.md) shows how to use them.`,
  prometheus: `Metrics for prom-client. [Observability](observability.md#prometheus) lists them.`,
  opentelemetry: `Spans and metrics for OpenTelemetry. [Observability](observability.md#opentelemetry) lists them.`,
  kafka: `Publishes what happens to locks to a Kafka topic, and follows it there. [Kafka](kafka.md) shows how to use it.`,
  operator: `Looks at the locks of other processes, and ends them. [Operating locks from code](operator.md) shows how.`,
  "web-locks": `The Web Locks API on a fleet of processes. [Web locks](web-locks.md) says what differs from the standard.`,
  kubernetes: `Locks on Leases, and the lock servers of a cluster. [Kubernetes](kubernetes.md) shows how to use them.`,
  testing: `For your own tests: real servers that end with the test process, and the conformance suite for instances.
[Recipes](recipes.md) shows it with Vitest and Jest.`,
};

/** Renders the page. @throws Error that lists everything public without a doc comment, and every option without a default. */
export function renderPage(library, subpaths) {
  const problems = [...library, ...Object.values(subpaths).flat()].flatMap(problemsOf);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const sections = SECTIONS.map((section) => ({
    ...section,
    own: inSourceOrder(library.filter((each) => SECTIONS.find(({ accepts }) => accepts(each)) === section)),
  })).filter(({ own }) => own.length > 0);
  const modules = Object.entries(subpaths).map(([name, own]) => ({
    title: `\`quorumlock/${name}\``,
    name,
    own,
  }));
  const contents = [...sections, ...modules].map(contentsLine).join("\n");
  const body = sections.flatMap(({ title, link: page, own }) => [
    `## ${title}`,
    ...(page === undefined ? [] : [`More: [${page}](${page}).`]),
    ...own.map(renderDeclaration),
  ]);
  const more = modules.flatMap(({ title, name, own }) => [
    `## ${title}`,
    SUBPATHS[name],
    ...own.map(renderDeclaration),
  ]);
  return [HEAD, contents, ...body, ...more].join("\n\n") + "\n";
}

/** The order of the files is that of the entry. */
function inSourceOrder(declarations) {
  const files = [...new Set(declarations.map(({ file }) => file))];
  return files.flatMap((path) =>
    declarations.filter(({ file }) => file === path).toSorted((a, b) => a.position - b.position),
  );
}

function contentsLine({ title, own }) {
  const links = own.map(({ name }) => `[\`${name}\`](#${name.toLowerCase()})`);
  return `- ${title}: ${links.join(", ")}`;
}

function problemsOf({ name, file, doc, kind, ports = [], members = [] }) {
  const isOptions = name.endsWith("Options");
  const missing = doc === undefined && kind !== "type" ? [`${file}: ${name} has no doc comment`] : [];
  return missing.concat(
    members.flatMap((member) => {
      const path = `${file}: ${name}.${member.name}`;
      if (member.doc === undefined)
        return ports.length > 0 || isObvious(member) ? [] : [`${path} has no doc comment`];
      return isOptions && member.isOptional && member.doc.default === undefined
        ? [`${path} has no @default`]
        : [];
    }),
  );
}

/** Members that need no words: the name and the code of an error, and what the language calls by itself. */
function isObvious({ name, type = "" }) {
  return (
    ((name === "name" || name === "code") && /^"|Code$/.test(type)) ||
    name === "toJSON" ||
    name === "constructor"
  );
}

function renderDeclaration(declaration) {
  const { name, kind, doc, type, signatures, parents = [], isAbstract } = declaration;
  const head = [`### \`${name}\``];
  if (kind === "type" || kind === "constant") head.push(code(type));
  if (kind === "function") head.push(signatures.map(code).join("\n\n"));
  const shown = parents.filter((parent) => !/^AsyncDisposable$|^ReadonlyArray/.test(parent));
  if (kind === "class" && shown.length > 0)
    head.push(`${isAbstract ? "Abstract class" : "Class"}, extends \`${shown[0]}\`.`);
  return [...head, ...renderDoc(doc), ...renderMembers(declaration)].join("\n\n");
}

function renderMembers({ name: owner, kind, file, members = [] }) {
  const isError = file === "base/errors.ts" && kind === "class";
  const documented = members.filter(({ name, doc }) => doc !== undefined || (isError && name === "code"));
  const visible = documented.filter(({ name }) => !isError || name !== "constructor");
  if (kind === "interface" && file === "base/events.ts") return [visible.map(eventLine).join("\n")];
  const hasSections = visible.some(({ isMethod }) => isMethod) || owner.endsWith("Options");
  if (hasSections && !isError) return visible.map((member) => renderSection(owner, member));
  return visible.length === 0 ? [] : [visible.map(bullet).join("\n")];
}

function renderSection(owner, member) {
  const { name, isMethod, isStatic, isOptional, type, doc, signatures } = member;
  if (!isMethod) {
    const standard = doc.default === undefined ? "" : `. Default: ${value(doc.default)}`;
    const optional = isOptional || doc.default !== undefined ? optionType(type) : type;
    return [`#### \`${name}\``, `${code(optional)}${standard}`, ...renderDoc(doc)].join("\n\n");
  }
  const title = name === "constructor" ? `new ${owner}` : `${isStatic ? `${owner}.` : ""}${name}()`;
  const calls = signatures.map((each) => (name === "constructor" ? `new ${owner}${each}` : each));
  return [`#### \`${title}\``, calls.map(code).join("  \n"), ...renderDoc(doc)].join("\n\n");
}

function bullet({ name, type, doc }) {
  const text = doc === undefined ? "" : `: ${inline(doc)}`;
  return `- \`${name}\`${type === undefined ? "" : `, ${code(type)}`}${text}`;
}

function eventLine({ name, doc }) {
  return `- [\`${name}\`](events.md#${name.replaceAll(":", "")}): ${inline(doc)}`;
}

function renderDoc(doc) {
  if (doc === undefined) return [];
  const params = doc.params.map((text) => text.replace(/^(\S+) /, "`$1`: "));
  const throws = doc.throws.map((text) =>
    text.startsWith("as ") || text.startsWith("otherwise") || text.startsWith("the ") ? text : named(text),
  );
  return [
    link(doc.text),
    list("Parameters", params),
    list("Returns", doc.returns),
    list("Throws", throws),
    ...doc.examples.map(example),
  ].filter((part) => part !== "");
}

/** "TypeError, RangeError for …" → "`TypeError`, `RangeError` for …" */
function named(text) {
  return text.replaceAll(/(?<!`)\b((?:[A-Z]\w*)?Error)\b(?!`)/g, "`$1`");
}

function list(title, entries) {
  if (entries.length === 0) return "";
  const texts = entries.map((text) => link(text.replace(/\s+/g, " ")));
  if (texts.length === 1) return `_${title}:_ ${texts[0]}`;
  return [`_${title}:_`, "", ...texts.map((text) => `- ${text}`)].join("\n");
}

/** An example is code. Its lines are indented below the tag. */
function example(text) {
  const lines = text.replace(/^\n+/, "").split("\n");
  const indent = Math.min(...lines.filter((line) => line !== "").map((line) => line.search(/\S/)));
  return ["```ts", ...lines.map((line) => line.slice(indent)), "```"].join("\n");
}

function inline(doc) {
  const standard = doc.default === undefined ? "" : ` Default: ${doc.default}.`;
  return link(doc.text.replace(/\s+/g, " ") + standard);
}

/** References to other pages become links. */
function link(text) {
  return text
    .replaceAll(/protocol §(\d+)/g, "[protocol §$1](protocol.md)")
    .replaceAll(/docs\/([\w-]+)\.md/g, "[$1]($1.md)");
}

/** A literal as code, and a sentence as it is. */
function value(text) {
  return /^(?:[\d_.]+|"\S*"|true|false)$/.test(text) ? code(text) : link(text);
}

function optionType(type) {
  return type.replace(/ \| undefined$/, "");
}

function code(text) {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}
