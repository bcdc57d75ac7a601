// A mock keeps every promise of the real thing.
import { describe, it } from "vitest";
import { describePeerConnection } from "../../src/compliance/index.ts";
import { mockCase } from "../support/mock-cases.ts";

describePeerConnection(
  { name: "MockConnection", create: async () => mockCase() },
  { describe, it },
);
