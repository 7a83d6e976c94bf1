/** The entry of every page. */
import { look } from "./base/look.ts";

look(document);
