/**
 * Second-level names under country domains that are sold like top-level domains. The public suffix list is 250 kB, so it is not here;
 * where this table does not know a name, two hosts count as strangers. That costs a `--trust-realm`, the other way a login.
 */
const secondLevel = new Set(
  `asn com edu ernet firm gen gob gouv gov gub idf idv ind inf info int ltd mil mod muni name net nhs nic nom org plc police
   pri priv pro pub res sch school tel tm web k12`.split(/\s+/),
);

/** Countries that sell names of three parts under regions and trades without number, or under any second-level name. */
const openCountries = new Set("bd br ck er fk jm jp kh kr kw mm no np pg pl th tr ua vn ye".split(" "));

/**
 * Domains below which each name may have another owner, and an owner has no name of his own that others could not share a part of:
 * clouds, registries for tenants, pages, tunnels, dynamic DNS, names made of addresses. Below them a host is trusted for itself alone.
 * From the private part of https://publicsuffix.org/list/ and from the hosts of the registries in knowledge/registries.
 */
const strangers = new Set(
  `akamaihd.net akamaized.net aliyuncs.com amazonaws.com amazonaws.com.cn amazonaws.eu amazonwebservices.com.cn appdomain.cloud appspot.com
   awsapprunner.com awsapps.com azure-api.net azurecontainer.io azurecontainerapps.io azurecr.cn azurecr.de azurecr.io azurecr.us
   azureedge.net azurefd.net azurewebsites.net b-cdn.net cdn77.org cloudapp.azure.com cloudapp.net cloudflare.net cloudflarestorage.com
   cloudfront.net codeberg.page coding.net container-registry.ovh.net cr.aws csb.app ddns.net deno.dev digitaloceanspaces.com duckdns.org
   dynv6.net dyndns.org edgekey.net edgesuite.net elasticbeanstalk.com fastly.net fastlylb.net firebaseapp.com fly.dev freeddns.org gcr.io
   github.dev github.io githubpreview.dev githubusercontent.com gitlab.io gitpod.io glitch.me googleapis.com googleusercontent.com
   herokuapp.com hopto.org huaweicloud.com jfrog.io k8s.ondigitalocean.com kxcdn.com lambda-url.aws linodelke.net linodeobjects.com loca.lt
   localhost.run lvh.me myhuaweicloud.com myqcloud.com myqnapcloud.com netlify.app ngrok-free.app ngrok.app ngrok.dev ngrok.io nip.io
   no-ip.org ocir.io on.aws ondigitalocean.app onrender.com openshiftapps.com oraclecloud.com ovh.net pages.dev pkg.dev pythonanywhere.com
   r2.dev railway.app replit.dev repl.co rhcloud.com run.app scw.cloud sslip.io supabase.co synology.me tencentcloudcr.com tencentyun.com
   traefik.me trafficmanager.net trycloudflare.com ts.net usercontent.goog vercel.app vultrcr.com web.app windows.net workers.dev
   xip.io`.split(/\s+/),
);

/** Domains below which the next name is an owner's: a namespace of a cluster. */
const ownersBelow = new Set(["svc.cluster.local", "pod.cluster.local", "cluster.local"]);

/**
 * The domain that one owner holds: `auth.eu.example.co.uk` → `example.co.uk`. Undefined for a single label, for a public suffix itself,
 * for a host below a domain of many owners, and for anything that is not a plain ASCII host name: two such hosts are the same only
 * if they are equal.
 */
export function registrableDomain(hostname: string): string | undefined {
  const labels = hostname.toLowerCase().replace(/\.$/, "").split(".");
  if (labels.length < 2 || !labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label)))
    return undefined;
  const endsIn = (domains: ReadonlySet<string>): number => {
    for (let size = Math.min(labels.length, 4); size > 1; size -= 1)
      if (domains.has(labels.slice(-size).join("."))) return size;
    return 0;
  };
  if (endsIn(strangers) > 0) return undefined;
  const size = endsIn(ownersBelow) || suffixLength(labels);
  return labels.length > size ? labels.slice(-size - 1).join(".") : undefined;
}

/** How many labels at the end are no owner's. A country's names of two letters are regions or trades: `bj.cn`, `ca.us`, `co.uk`. */
function suffixLength(labels: readonly string[]): number {
  const [second = "", top = ""] = labels.slice(-2);
  const sold = second.length <= 2 || secondLevel.has(second) || openCountries.has(top);
  return top.length === 2 && sold ? 2 : 1;
}
