import { expect, test } from "vitest";
import { splitPathList } from "../../src/collect/path-list.ts";

test.each([
  ["C:\\a;D:\\b c", ["C:\\a", "D:\\b c"]],
  [";C:\\a;;", ["C:\\a"]],
  ['"C:\\a;b";C:\\c', ["C:\\a;b", "C:\\c"]],
  ['C:\\"a;b"\\c;"D:\\e', ["C:\\a;b\\c", "D:\\e"]],
  ["", []],
])("on Windows, %s is cut at semicolons outside of quotes", (list, names) => {
  expect(splitPathList(list, true)).toEqual(names);
});

test("elsewhere it is cut at colons, and quotes are part of a name", () => {
  expect(splitPathList('/a:/b;c::"/d', false)).toEqual(["/a", "/b;c", '"/d']);
});
