import type { IForbiddenRuleType } from "dependency-cruiser";

/** Who may import whom (src/README.md). Each comment says what to do instead. */
const stages = ["collect", "interpret", "probe", "conclude", "render"];

const onlyImporter = (name: string, packagePattern: string, files: string, comment: string): IForbiddenRuleType => ({
  name,
  severity: "error" as const,
  comment,
  from: { path: "^src/", pathNot: files },
  to: { path: packagePattern },
});

export const importRules: IForbiddenRuleType[] = [
  {
    name: "no-circles",
    severity: "error" as const,
    comment: "Move what both need to the lower of the two, or to domain.",
    from: { path: "^src/" },
    to: { circular: true },
  },
  {
    name: "domain-imports-nothing",
    severity: "error" as const,
    comment: "The vocabulary stands under everything. What needs more than a type belongs in a stage.",
    from: { path: "^src/domain/" },
    to: { pathNot: "^src/domain/" },
  },
  {
    name: "knowledge-imports-domain",
    severity: "error" as const,
    comment: "Knowledge is data and pure decisions. What asks the world belongs in collect or probe.",
    from: { path: "^src/knowledge/" },
    to: { pathNot: "^src/(domain|knowledge)/" },
  },
  ...["interpret", "conclude"].map((stage) => ({
    name: `${stage}-is-pure`,
    severity: "error" as const,
    comment: "If two stages need the same type, it belongs in domain; I/O belongs in collect and probe.",
    from: { path: `^src/${stage}/` },
    to: { pathNot: `^src/(domain|knowledge|${stage})/` },
  })),
  {
    name: "render-reads-reports",
    severity: "error" as const,
    comment: "A renderer is a function from a report to a string. Put what it needs into the report.",
    from: { path: "^src/render/" },
    to: { pathNot: "^(src/(domain|render)/|node_modules/(cli-table3|js-yaml)/)" },
  },
  ...["collect", "probe"].map((stage) => ({
    name: `${stage}-knows-no-other-stage`,
    severity: "error" as const,
    comment: "Hand it on through diagnose.ts; a shared type belongs in domain.",
    from: { path: `^src/${stage}/` },
    to: { path: `^src/(?!domain/|knowledge/|${stage}/)` },
  })),
  {
    name: "diagnose-does-not-render",
    severity: "error" as const,
    comment: "The line ends with diagnoses; the command line renders them.",
    from: { path: "^src/diagnose\\.ts$" },
    to: { path: "^(src/(render|cli)/|node_modules/)" },
  },
  {
    name: "nothing-imports-the-command-line",
    severity: "error" as const,
    comment: "The command line stands on top.",
    from: { path: `^src/(domain|knowledge|${stages.join("|")})/` },
    to: { path: "^src/(cli/|diagnose\\.ts)" },
  },
  {
    name: "src-stands-alone",
    severity: "error" as const,
    comment: "Tests and scripts use the source, never the other way.",
    from: { path: "^src/" },
    to: { path: "^(test|scripts)/" },
  },
  onlyImporter("one-importer-of-yargs", "node_modules/yargs/", "^src/cli/options\\.ts$", "Use cli/options.ts."),
  onlyImporter("one-importer-of-ora", "node_modules/ora/", "^src/cli/spinner\\.ts$", "Use cli/spinner.ts."),
  onlyImporter("one-importer-of-tables", "node_modules/cli-table3/", "^src/render/table\\.ts$", "Use render/table.ts."),
  onlyImporter(
    "one-importer-of-the-client",
    "node_modules/@kubernetes/client-node/",
    "^src/collect/",
    "Read through the port in collect/cluster.ts.",
  ),
  onlyImporter("undici-stays-in-probe", "node_modules/undici/", "^src/probe/", "Ask registries through probe."),
];
