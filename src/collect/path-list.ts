/**
 * The names in PATH, KUBECONFIG and their like, as Go takes them apart (golang/go src/path/filepath/path.go, SplitList): at `:`, on
 * Windows at `;` outside of quotes, which are no part of a name. Empty names are left out.
 */
export function splitPathList(list: string, windows: boolean): readonly string[] {
  if (!windows) return list.split(":").filter((name) => name !== "");
  const names = [""];
  for (const [index, run] of list.split('"').entries()) {
    const [first = "", ...others] = index % 2 === 0 ? run.split(";") : [run];
    names.push((names.pop() ?? "") + first, ...others);
  }
  return names.filter((name) => name !== "");
}
