// A plain static server for the built page, as any static host serves it.
//
// node www/tools/serve.mjs [FOLDER] [--port N]: serves dist/ at http://127.0.0.1:8080 unless told
// otherwise. The tests import `serve`.

import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.pddl': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

const HASHED = /-[0-9a-f]{16}\.\w+$/;

/** The file under `folder` that a request's path names, or null. */
function fileFor(folder, pathname) {
  let path;
  try {
    path = normalize(join(folder, decodeURIComponent(pathname)));
  } catch {
    return null;
  }
  if (path !== folder && !path.startsWith(folder + sep)) return null;
  if (existsSync(path) && statSync(path).isDirectory()) path = join(path, 'index.html');
  return existsSync(path) && statSync(path).isFile() ? path : null;
}

/**
 * Serves `folder` under `base` on 127.0.0.1. `folder` may be a function, to change what is served.
 * Returns the address of the page and a function that stops the server.
 */
export async function serve({ folder, port = 0, base = '/' }) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://127.0.0.1');
    const root = normalize(typeof folder === 'function' ? folder() : folder);
    const path = pathname.startsWith(base) ? fileFor(root, `/${pathname.slice(base.length)}`) : null;
    if (!path || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(path ? 405 : 404, { 'content-type': TYPES['.txt'] }).end(path ? 'method not allowed' : 'not found');
      return;
    }
    const { size, mtimeMs } = statSync(path);
    const etag = `"${size.toString(36)}-${Math.trunc(mtimeMs).toString(36)}"`;
    const headers = {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      // A name that carries a hash never means another file: the browser may keep it, and what it compiled.
      'cache-control': HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
      etag,
    };
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, headers).end();
      return;
    }
    response.writeHead(200, { ...headers, 'content-length': size });
    if (request.method === 'HEAD') response.end();
    else createReadStream(path).pipe(response);
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}${base}`,
    stop: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { port: { type: 'string', default: '8080' } } });
  const folder = positionals[0] ?? join(import.meta.dirname, '..', '..', 'dist');
  try {
    const { url } = await serve({ folder, port: Number(values.port) });
    process.stdout.write(`Planscope is at ${url} (Ctrl+C stops it)\n`);
  } catch (error) {
    const reason = error.code === 'EADDRINUSE' ? `port ${values.port} is taken; choose another: make serve PORT=8081` : error.message;
    process.stderr.write(`cannot serve: ${reason}\n`);
    process.exitCode = 1;
  }
}
