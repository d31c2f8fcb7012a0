// Style sheets, icons and fonts: everything of the bundle that is not a script.
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const dist = process.env.FLOWLANG_DIST ?? here("dist");
const SHEETS = [
    "reset.css",
    "tokens.css",
    "base.css",
    "controls.css",
    "designer.css",
    "tryout.css",
    "pages.css",
];
const UI_FONT = here("node_modules/pretendard/dist/web/variable");
const MONO_FONT = here("node_modules/@fontsource/jetbrains-mono");
const MONO_WEIGHTS = [400, 500, 600];

async function style() {
    await mkdir(`${dist}/style`, { recursive: true });
    const sheets = await Promise.all(
        SHEETS.map((name) => readFile(here(`src/style/${name}`), "utf8")),
    );
    await writeFile(`${dist}/style/app.css`, sheets.join("\n"));
    await cp(here("src/style/icons.svg"), `${dist}/style/icons.svg`);
}

async function fonts() {
    await mkdir(`${dist}/fonts`, { recursive: true });
    const faces = [await uiFont(), ...(await Promise.all(MONO_WEIGHTS.map(monoFont)))];
    await writeFile(`${dist}/fonts/fonts.css`, `${faces.join("\n")}\n`);
}

/** Cut into ranges of letters, so that a page loads only those it shows. */
async function uiFont() {
    const sheet = await readFile(`${UI_FONT}/pretendardvariable-dynamic-subset.css`, "utf8");
    await cp(`${UI_FONT}/woff2-dynamic-subset`, `${dist}/fonts/pretendard`, { recursive: true });
    return sheet.replaceAll("./woff2-dynamic-subset/", "./pretendard/").replaceAll("\t", "  ");
}

async function monoFont(weight) {
    const name = `jetbrains-mono-latin-${weight}-normal.woff2`;
    await cp(`${MONO_FONT}/files/${name}`, `${dist}/fonts/${name}`);
    await cp(`${MONO_FONT}/LICENSE`, `${dist}/fonts/jetbrains-mono-LICENSE.txt`);
    return `@font-face {
  font-family: "JetBrains Mono";
  font-weight: ${weight};
  font-display: swap;
  src: url(./${name}) format("woff2");
}`;
}

await Promise.all([style(), fonts()]);
