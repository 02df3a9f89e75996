// Writes <file>.br and <file>.gz beside every file of a directory, and prints what they weigh as JSON:
// [{file, size, gzip, brotli, sha384}]. Node's zlib holds the encoders that web servers use.
import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const directory = process.argv[2];

async function compress(path) {
  const bytes = await readFile(path);
  const [brotli, gzipped] = await Promise.all([
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
    promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }),
  ]);
  // A file that does not shrink, such as a picture, is served as it is.
  if (brotli.length < bytes.length) await writeFile(`${path}.br`, brotli);
  if (gzipped.length < bytes.length) await writeFile(`${path}.gz`, gzipped);
  return {
    file: relative(directory, path).split(sep).join("/"),
    size: bytes.length,
    gzip: Math.min(gzipped.length, bytes.length),
    brotli: Math.min(brotli.length, bytes.length),
    sha384: `sha384-${createHash("sha384").update(bytes).digest("base64")}`,
  };
}

const entries = await readdir(directory, { recursive: true, withFileTypes: true });
const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.path, entry.name));
console.log(JSON.stringify(await Promise.all(paths.sort().map(compress))));
