import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { createVitest, type TestCase, type TestModule, type Vitest } from "vitest/node";
import { proofs } from "../test/faults/proofs/index.ts";
import { editsOf, type Proof, titlePattern } from "../test/faults/proofs/proof.ts";

/**
 * Takes away the code that keeps each row of the fault matrix, one change at a time in a copy of the project, and demands that the
 * row's test fails. `prove-faults.ts [-v] [ROW or AREA …]`; exit code 1 where a test does not mind. With `-v` it says by what they fail.
 */
const verbose = process.argv.includes("-v");
const wanted = process.argv.slice(2).filter((argument) => argument !== "-v");
const chosen = proofs.filter(
  ({ row }) => wanted.length === 0 || wanted.includes(row) || wanted.includes(row.charAt(0)),
);
const left = new Set(["node_modules", ".git", "build", "dist", ".e2e"]);
/** Milliseconds for one change; a program that never yields would hold up everything. */
const patience = 120_000;

const project = process.cwd();
const copy = mkdtempSync(join(tmpdir(), "prove-"));
const unmoved: string[] = [];
try {
  cpSync(project, copy, { recursive: true, filter: (path) => path === project || !left.has(basename(path)) });
  symlinkSync(join(project, "node_modules"), join(copy, "node_modules"));
  process.chdir(copy);
  const vitest = await createVitest({ root: copy, watch: false, reporters: [{}], maxWorkers: 1 });
  for (const [file, group] of Map.groupBy(chosen, ({ test }) => test)) await proveGroup(vitest, file, group);
  await vitest.close();
} finally {
  process.chdir(project);
  rmSync(copy, { recursive: true, force: true });
}
console.log(`\n${chosen.length - unmoved.length} of ${chosen.length} seen to fail`);
if (unmoved.length > 0) console.log(`Not seen to fail: ${unmoved.join(", ")}`);
process.exit(unmoved.length > 0 || chosen.length === 0 ? 1 : 0);

async function proveGroup(vitest: Vitest, file: string, group: readonly Proof[]): Promise<void> {
  const patterns = new Map(group.map(({ title }) => [title, titlePattern(title)]));
  const before = await run(vitest, file, [...patterns.values()].join("|"));
  if (verbose) tell(before.tests);
  for (const proof of group) {
    const pattern = titlePattern(proof.title);
    const untouched = before.tests.filter(({ fullName }) => new RegExp(pattern).test(fullName));
    const start = Date.now();
    const outcome =
      before.loadFault ??
      (untouched.length === 0
        ? "no such test"
        : untouched.some((test) => test.result().state === "failed")
          ? "fails with the code in place"
          : await prove(vitest, proof, pattern));
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    const where = `${proof.file} ✂ ${file}: ${proof.title} (${seconds} s)`;
    console.log(
      outcome === undefined
        ? `${proof.row} → seen to fail   ${where}`
        : `${proof.row} → NOT SEEN: ${outcome}   ${where}`,
    );
    if (outcome !== undefined) unmoved.push(proof.row);
  }
}

/** @returns undefined where the test fails as it must, otherwise what happened instead. */
async function prove(vitest: Vitest, proof: Proof, pattern: string): Promise<string | undefined> {
  const originals = new Map<string, string>();
  try {
    for (const { file, replace, by } of editsOf(proof)) {
      const path = resolve(file);
      const text = readFileSync(path, "utf8");
      if (!originals.has(path)) originals.set(path, text);
      const parts = text.split(replace);
      if (parts.length !== 2) return `${file} has ${parts.length - 1} of what is to be replaced`;
      const changed = parts.join(by);
      // What the program's own process cannot read would look like a fault that was found.
      if (file.endsWith(".ts")) stripTypeScriptTypes(changed);
      writeFileSync(path, changed);
      vitest.invalidateFile(path);
    }
    const { tests, loadFault, stray } = await run(vitest, proof.test, pattern);
    if (loadFault !== undefined) return loadFault;
    const failed = tests.filter((test) => test.result().state === "failed");
    if (failed.length === 0) return stray ?? "the test passes without it";
    const faults = failed.flatMap((test) => test.result().errors ?? []);
    if (faults.some((fault) => isFailure(fault, proof.thrown))) {
      if (verbose) tell(failed);
      return undefined;
    }
    return `fails by ${faults[0]?.name}: ${faults[0]?.message.slice(0, 200)}`;
  } catch (fault) {
    return String(fault).slice(0, 300);
  } finally {
    for (const [path, text] of originals) {
      writeFileSync(path, text);
      vitest.invalidateFile(path);
    }
    endLeftovers();
  }
}

/** Programs that a test started out of the copy, and that without the code do not end. */
function endLeftovers(): void {
  if (process.platform !== "linux") return;
  for (const pid of readdirSync("/proc").map(Number).filter(Number.isInteger)) {
    try {
      if (pid !== process.pid && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`${copy}/`))
        process.kill(pid, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
}

function tell(tests: readonly TestCase[]): void {
  for (const test of tests) {
    const [error] = test.result().errors ?? [];
    if (error !== undefined) console.log(`    ${test.fullName}: ${error.message.slice(0, 300)}`);
  }
}

interface Run {
  readonly tests: readonly TestCase[];
  /** The file could not be loaded, or a hook failed. */
  readonly loadFault?: string;
  /** An error outside of any test. */
  readonly stray?: string;
}

async function run(vitest: Vitest, file: string, pattern: string): Promise<Run> {
  const project = vitest.getRootProject();
  vitest.setGlobalTestNamePattern(new RegExp(pattern));
  const started = Date.now();
  const end = setTimeout(() => {
    console.log(`${file} (${pattern}) did not end within ${patience / 1000} s`);
    rmSync(copy, { recursive: true, force: true });
    process.exit(1);
  }, patience);
  vitest.state.clearErrors();
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications([
    project.createSpecification(resolve(file)),
  ]);
  clearTimeout(end);
  // What earlier runs left of other files is in there, too.
  const modules = testModules.filter(({ moduleId }) => moduleId === resolve(file));
  const tests = modules
    .flatMap((module) => [...module.children.allTests()])
    .filter((test) => test.result().state !== "skipped" && (test.diagnostic()?.startTime ?? 0) >= started);
  const fault = modules.flatMap(loadFaults)[0];
  const stray = unhandledErrors[0];
  return {
    tests,
    ...(fault === undefined ? {} : { loadFault: `does not load: ${fault}` }),
    ...(stray === undefined ? {} : { stray: `fails outside of the test: ${String(stray).slice(0, 200)}` }),
  };
}

function loadFaults(module: TestModule): readonly string[] {
  const suites = [...module.children.allSuites()].flatMap((suite) => suite.errors());
  return [...module.errors(), ...suites].map(({ message }) => message.slice(0, 300));
}

interface Fault {
  readonly name?: string | undefined;
  readonly message: string;
  readonly cause?: unknown;
}

/** An assertion or a time-out; fast-check wraps an assertion in an error of its own. */
function isFailure(fault: Fault, thrown: string | undefined): boolean {
  if (fault.name === "AssertionError" || /^(?:Test|Hook) timed out in /.test(fault.message)) return true;
  if (/^Property failed after /.test(fault.message)) return true;
  return thrown !== undefined && fault.message.includes(thrown);
}
