import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["smoke.vitest.ts"], cache: false } });
