import { describe, expect, test } from "vitest";
import { peelHeads } from "../../src/interpret/peel-heads.ts";

describe("peelHeads", () => {
  test("containerd: from the call down to the transport", () => {
    expect(
      peelHeads(
        'rpc error: code = NotFound desc = failed to pull and unpack image "reg.test/web:1": failed to resolve reference "reg.test/web:1": failed to do request: Head "https://reg.test/v2/web/manifests/1": EOF',
      ),
    ).toEqual({
      names: ["grpc", "pull", "resolve", "do-request", "request"],
      grpcCode: "NotFound",
      runtime: "containerd",
      operation: "resolve",
      image: "reg.test/web:1",
      url: "https://reg.test/v2/web/manifests/1",
      words: "EOF",
    });
  });

  test.each([
    [
      "failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized",
      { operation: "token", login: "with", status: 401, words: "401 Unauthorized" },
    ],
    [
      "failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://a.test/token?x=y: 403 Forbidden",
      { operation: "token", login: "without", status: 403, url: "https://a.test/token?x=y" },
    ],
    ["unexpected status code [manifests 1]: 401 Unauthorized", { status: 401, what: "manifests" }],
    [
      "pulling from host reg.test:5000 failed with status code [manifests 1]: 500 Internal Server Error",
      { status: 500, host: "reg.test:5000" },
    ],
    [
      'failed to extract layer (application/vnd.oci.image.layer.v1.tar+gzip sha256:0a) to overlayfs as "extract-1 sha256:0b": gone',
      { operation: "unpack", words: "gone" },
    ],
    [
      "failed to extract layer sha256:0a: mount callback failed on /tmp/m1: gone",
      { operation: "unpack", words: "gone" },
    ],
    [
      "Error initializing source docker://reg.test/web:1: Error reading manifest 1 in reg.test/web: gone",
      { operation: "manifest", runtime: "cri-o", words: "gone" },
    ],
    [
      "initializing source docker://reg.test/web:1: pinging container registry reg.test: gone",
      { operation: "ping", host: "reg.test", words: "gone" },
    ],
    [
      'writing blob: adding layer with blob "sha256:0a": Error processing tar file(exit status 1): gone',
      { operation: "unpack", words: "gone" },
    ],
    [
      "Error response from daemon: Get https://reg.test/v2/: gone",
      { runtime: "docker", url: "https://reg.test/v2/", words: "gone" },
    ],
    [
      "failed to register layer: ApplyLayer exit status 1 stdout:  stderr: gone",
      { operation: "unpack", words: "gone" },
    ],
    ["error parsing HTTP 403 response body: gone", { status: 403, words: "gone" }],
    ["received unexpected HTTP status: 503 Service Unavailable", { status: 503 }],
  ])("%s", (text, expected) => {
    expect(peelHeads(text)).toMatchObject(expected);
  });

  test("an unknown wrapper is passed over where a known head follows", () => {
    expect(
      peelHeads('could not pull it: vendor trouble: failed to do request: Head "https://reg.test/v2/": gone').words,
    ).toBe("gone");
  });

  test("in a body no heads are looked for", () => {
    expect(peelHeads('StatusCode: 400, "<html>failed to copy: Error response from daemon: x</html>"').words).toMatch(
      /^400/,
    );
    expect(
      peelHeads("happened during read: unexpected EOF (after reconnecting, fetching blob: StatusCode: 403)").words,
    ).toMatch(/^unexpected EOF/);
  });

  test("a text without heads is its own words", () => {
    expect(peelHeads("the moon is full")).toEqual({ names: [], words: "the moon is full" });
  });

  test("the number of places looked at does not grow with the text", () => {
    const short = peelHeads("failed to copy: ".repeat(400)).names.length;
    const long = peelHeads("failed to copy: ".repeat(40_000)).names.length;
    expect(long).toBe(short);
  });
});
