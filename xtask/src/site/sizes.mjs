// Prints, for every file below the folder: path, bytes, bytes after gzip, bytes after brotli, separated by tabs.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const folder = process.argv.at(-1);
const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
for (const path of files.map((file) => join(file.parentPath ?? file.path, file.name)).sort()) {
  const raw = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length };
  const name = path.slice(folder.length + 1).replaceAll("\\", "/");
  console.log([name, raw.length, gzipSync(raw, { level: 9 }).length, brotliCompressSync(raw, { params }).length].join("\t"));
}
