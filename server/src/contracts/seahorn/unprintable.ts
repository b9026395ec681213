/** What has no C that SeaHorn takes; the message says what, for people. */
export class Unprintable extends Error {}
