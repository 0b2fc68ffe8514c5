interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** docker-registry's configuration. JSON is YAML, so nothing needs quoting. */
export function registryConfiguration(options: {
  readonly port: number;
  readonly storage: string;
  readonly tls: TlsFiles | undefined;
  readonly auth: object;
}): string {
  const { port, storage, tls, auth } = options;
  return JSON.stringify({
    version: "0.1",
    log: { level: "warn" },
    storage: { filesystem: { rootdirectory: storage } },
    http: {
      addr: `127.0.0.1:${port}`,
      secret: "e2e",
      ...(tls === undefined ? {} : { tls: { certificate: tls.cert, key: tls.key } }),
    },
    ...(Object.keys(auth).length === 0 ? {} : { auth }),
  });
}

export interface NginxServer {
  readonly port: number;
  readonly tls: TlsFiles;
  /** Port on loopback that requests are passed to. */
  readonly upstream?: number;
  /** Answer everything with this status instead. */
  readonly status?: number;
  /** PEM file: ask for a client certificate of this authority. */
  readonly clientAuthority?: string;
}

/** nginx with one TLS server a port, everything it writes inside `directory`. */
export function nginxConfiguration(directory: string, servers: readonly NginxServer[]): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `  ${name}_temp_path ${directory}/nginx-${name};`)
    .join("\n");
  return `pid ${directory}/nginx.pid;
error_log ${directory}/nginx-error.log;
worker_processes 1;
events { worker_connections 256; }
http {
  access_log off;
${temporary}
${servers.map(nginxServer).join("\n")}
}
`;
}

function nginxServer({ port, tls, upstream, status, clientAuthority }: NginxServer): string {
  return `  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${tls.cert};
    ssl_certificate_key ${tls.key};
${clientAuthority === undefined ? "" : `    ssl_client_certificate ${clientAuthority};\n    ssl_verify_client on;\n`}    location / {
      ${status === undefined ? `proxy_pass http://127.0.0.1:${upstream ?? 0}; proxy_set_header Host $http_host;` : `return ${status};`}
    }
  }`;
}

/** squid that lets CONNECT through to some ports of this machine and refuses the rest with 403. */
export function squidConfiguration(options: {
  readonly port: number;
  readonly directory: string;
  /** A file like /etc/hosts: the names of the run resolve here only. */
  readonly hosts: string;
  readonly allowed: readonly number[];
}): string {
  const { port, directory, hosts, allowed } = options;
  return `http_port 127.0.0.1:${port}
hosts_file ${hosts}
pid_filename ${directory}/squid.pid
access_log none
cache_log /dev/null
coredump_dir ${directory}
cache deny all
netdb_filename none
visible_hostname proxy.e2e.test
shutdown_lifetime 0 seconds
acl allowed port ${allowed.join(" ")}
http_access allow allowed
http_access deny all
`;
}
