#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";

// What a call allocates is garbage when it ends. A young generation that stays small keeps that within the processor's cache, and
// some 40 MiB out of resident memory (measured under a mixed load). It must be set before anything grows, hence the late import.
setFlagsFromString("--semi-space-growth-factor=1");
await import("../dist/src/cli/main.js");
