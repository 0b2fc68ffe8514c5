import type { TownSpec } from "../../test/support/registry-town.ts";
import type { ApiObject } from "../../test/support/story-objects.ts";
import {
  manifestUrl,
  type PodSketch,
  resolveError,
  sketchPod,
  sketchPullSecret,
  sketchSurroundings,
} from "../../test/support/story-pods.ts";

const images = [{ repository: "shop/web", tags: ["v1.4.0", "v1.4.1", "v1.4.2"] }];
const users = { "ci-bot": "the-demo-password" };

/** The registries of the demo. */
export const registries: TownSpec = {
  "registry.demo.test:5443": {
    images: [
      ...images,
      { repository: "shop/board", tags: ["v2"], kind: "index", platforms: ["linux/arm64", "linux/arm/v7"] },
    ],
    auth: { kind: "token", host: "auth.demo.test", port: 5444, users },
    blobs: { host: "cdn.demo.test", port: 5445 },
  },
  "basic.demo.test:5446": { images, auth: { kind: "basic", users } },
  "private-ca.demo.test:5447": { images, certificate: "untrusted" },
  "old.demo.test:5448": { images, certificate: "expired" },
  "busy.demo.test:5449": { faults: [{ fault: { kind: "too-many-requests", retryAfter: "900" } }] },
};

const pull = ["registry-login"];
const web = "registry.demo.test:5443/shop/web";
const status = (image: string, code: string) =>
  resolveError(
    image,
    `pulling from host ${image.split("/", 1)[0]} failed with status code [manifests ${image.split(":").at(-1)}]: ${code}`,
  );
const request = (image: string, words: string) =>
  resolveError(image, `failed to do request: Head "${manifestUrl(image)}": ${words}`);

/** The pods of the demo, in the order in which they are shown: the healthy one, and eight that hang. */
export const pods: readonly PodSketch[] = [
  { name: "healthy", image: `${web}:v1.4.2`, secrets: pull },
  {
    name: "wrong-password",
    image: "basic.demo.test:5446/shop/web:v1.4.2",
    secrets: ["old-login"],
    error: status("basic.demo.test:5446/shop/web:v1.4.2", "401 Unauthorized"),
  },
  {
    name: "secret-for-another-host",
    image: "basic.demo.test:5446/shop/web:v1.4.2",
    secrets: ["near-miss"],
    error: status("basic.demo.test:5446/shop/web:v1.4.2", "401 Unauthorized"),
  },
  {
    name: "tag-typo",
    image: `${web}:v1.42`,
    secrets: pull,
    error: resolveError(`${web}:v1.42`, `${web}:v1.42: not found`),
  },
  {
    name: "wrong-platform",
    image: "registry.demo.test:5443/shop/board:v2",
    secrets: pull,
    error: "no match for platform in manifest: not found",
  },
  {
    name: "unknown-ca",
    image: "private-ca.demo.test:5447/shop/web:v1.4.2",
    error: request("private-ca.demo.test:5447/shop/web:v1.4.2", "x509: certificate signed by unknown authority"),
  },
  {
    name: "expired-certificate",
    image: "old.demo.test:5448/shop/web:v1.4.2",
    error: request(
      "old.demo.test:5448/shop/web:v1.4.2",
      "x509: certificate has expired or is not yet valid: current time 2026-11-24T02:22:25Z is after 2024-11-23T02:04:54Z",
    ),
  },
  {
    name: "host-typo",
    image: "registri.demo.test:5443/shop/web:v1.4.2",
    error: request(
      "registri.demo.test:5443/shop/web:v1.4.2",
      "dial tcp: lookup registri.demo.test on 10.96.0.10:53: no such host",
    ),
  },
  {
    name: "rate-limited",
    image: "busy.demo.test:5449/shop/web:v1.4.2",
    error: status("busy.demo.test:5449/shop/web:v1.4.2", "429 Too Many Requests"),
  },
];

/** All objects of the demo's cluster; its pods were made a few minutes ago. */
export function demoObjects(): ApiObject[] {
  const at = new Date(Date.now() - 10 * 60_000);
  const login = { username: "ci-bot", password: users["ci-bot"] };
  return [
    ...sketchSurroundings(),
    sketchPullSecret("registry-login", { "registry.demo.test:5443": login }),
    sketchPullSecret("old-login", { "basic.demo.test:5446": { username: "ci-bot", password: "last-years-password" } }),
    sketchPullSecret("near-miss", { "basic.demo.test:5000": login }),
    ...pods.flatMap((pod) => sketchPod({ ...pod, at })),
  ];
}
