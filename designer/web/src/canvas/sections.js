import { shallowRef } from "vue";

/** The names of the page's sections, for whatever lets a person choose one: they are sent once. */
export const names = shallowRef([]);
