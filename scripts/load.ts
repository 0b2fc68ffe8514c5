import { type LoadRegistries, type LoadSpread, startLoadRegistries } from "../test/support/load-registries.ts";
import { failingPods, type LoadRun, runLoad } from "../test/support/load-run.ts";

/**
 * The load run at its full size, with its figures: 2,000 distinct images over 50 registries, a tenth of which hang, reset, limit
 * or never end; the same faults within each registry; and 3,000 pods of 300 images at one faulty registry.
 * `npm run load -- --program build/linux-amd64/kubectl-imagedoctor`; without it the sources run.
 */
const program = process.argv[process.argv.indexOf("--program") + 1];
const command = process.argv.includes("--program") && program !== undefined ? { command: [program] } : {};

for (const spread of ["by registry", "by image"] satisfies LoadSpread[]) {
  await using town = await startLoadRegistries({ registries: 50, images: 2000 }, spread);
  const images = town.images.map(({ image }) => image);
  say(`2,000 images over 50 registries, faults ${spread}`, town, await run(images, town));
}
{
  await using town = await startLoadRegistries({ registries: 1, images: 300 }, "by image");
  const images = Array.from({ length: 3000 }, (_, index) => town.images[index % 300]?.image ?? "");
  say("3,000 pods of 300 images at one faulty registry", town, await run(images, town));
}

function run(images: readonly string[], town: LoadRegistries): Promise<LoadRun> {
  return runLoad({ objects: failingPods(images) }, town, command);
}

function say(title: string, town: LoadRegistries, run: LoadRun): void {
  const pods = run.diagnoses.flatMap(({ containers }) => containers).length;
  console.log(`${title}:`);
  console.log(`  ${pods} pods in ${run.diagnoses.length} diagnoses, ${run.gaps.length} gaps, exit code ${run.code}`);
  console.log(`  ${(run.milliseconds / 1000).toFixed(1)} s, ${run.memory} MiB at most`);
  console.log(
    `  ${town.requests} requests over ${town.connections} connections, ${town.mostOpen.all} open at once, ${town.mostOpen.one} at one registry`,
  );
  console.log(`  ${run.server.requests.length} requests to the API server`);
}
