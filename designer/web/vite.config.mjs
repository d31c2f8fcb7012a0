import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

// One run of Vite for each element, `vite build --mode canvas`: NiceGUI serves each from a
// folder of its own, and two entries of one run would share chunks outside of both.
export default defineConfig(({ mode }) => ({
    plugins: [vue()],
    define: {
        "process.env.NODE_ENV": JSON.stringify("production"),
        __VUE_PROD_DEVTOOLS__: "false",
    },
    build: {
        lib: { entry: `src/${mode}/index.js`, formats: ["es"], fileName: () => "index.js" },
        rolldownOptions: { external: ["vue"] },
        outDir: `${process.env.FLOWLANG_DIST ?? "dist"}/${mode}`,
        emptyOutDir: true,
        target: "es2022",
    },
}));
