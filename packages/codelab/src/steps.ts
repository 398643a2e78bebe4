/** The steps in their order. A step's number is its place in this list, and begins its folder's name. */
import { step as messages } from "../steps/01_messages/check.js";
import { step as service } from "../steps/02_service/check.js";
import { step as generate } from "../steps/03_generate/check.js";
import { step as serve } from "../steps/04_serve/check.js";
import { step as getFeature } from "../steps/05_get_feature/check.js";
import { step as listFeatures } from "../steps/06_list_features/check.js";
import { step as recordRoute } from "../steps/07_record_route/check.js";
import { step as routeChat } from "../steps/08_route_chat/check.js";
import { step as sharedNotes } from "../steps/09_shared_notes/check.js";
import { step as errors } from "../steps/10_errors/check.js";
import { step as stopWell } from "../steps/11_stop_well/check.js";
import { step as client } from "../steps/12_client/check.js";
import { step as clientStreams } from "../steps/13_client_streams/check.js";
import { step as deadlines } from "../steps/14_deadlines/check.js";
import { step as testing } from "../steps/15_testing/check.js";
import { step as debugging } from "../steps/16_debugging/check.js";
import type { Step } from "./check/step.js";

export const STEPS: readonly Step[] = [
  messages,
  service,
  generate,
  serve,
  getFeature,
  listFeatures,
  recordRoute,
  routeChat,
  sharedNotes,
  errors,
  stopWell,
  client,
  clientStreams,
  deadlines,
  testing,
  debugging,
];
