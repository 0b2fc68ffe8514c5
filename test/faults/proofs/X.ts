import type { RowProof } from "./proof.ts";

const plugins = "test/collect/exec-plugin.test.ts";

export const proofs: readonly RowProof[] = [
  {
    row: "X1",
    file: "src/collect/exec-plugin.ts",
    replace: 'const limit = settings.pluginTimeout ?? defaultPluginTimeout[interactive ? "withUser" : "alone"];',
    by: "const limit = defaultPluginTimeout.alone;",
    test: plugins,
    title: "hangs: it is ended after its time",
  },
  {
    row: "X1",
    file: "src/collect/exec-plugin.ts",
    replace: 'if (mode === "Always" && !interactive) {',
    by: "if (mode === undefined) {",
    test: plugins,
    title: "must ask, and there is no terminal",
  },
  {
    row: "X1",
    file: "src/collect/exec-plugin.ts",
    replace: 'said === "" ? ended : `${ended}: ${said}`',
    by: "ended",
    also: [
      {
        file: "src/collect/exec-plugin.ts",
        replace: "settings.tell?.(withoutSecrets(plainLines(text)))",
        by: "undefined",
      },
    ],
    test: "test/faults/api-server.test.ts",
    title: "fails",
  },
  {
    row: "X2",
    file: "src/collect/exec-plugin.ts",
    replace: "if (version !== apiVersion) {",
    by: "if (version === undefined) {",
    test: "test/faults/api-server.test.ts",
    title: "answers another version",
  },
  {
    row: "X2",
    file: "src/collect/exec-plugin.ts",
    replace: "if (size <= mostOutput) output.push(chunk);",
    by: "if (size > 0) output.push(chunk);",
    test: plugins,
    title: "prints without end",
  },
  {
    row: "X3",
    file: "src/collect/find-command.ts",
    replace: ".filter((folder) => path.isAbsolute(folder));",
    by: ";",
    test: plugins,
    title: "is found on PATH, or from the kubeconfig's directory, but never in the working directory",
  },
];
