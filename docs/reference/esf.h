/* Result export (.esf), version 1. A model: the vendor's own layout is not public.
 * Generated from the definition of the format. All numbers are big-endian: swap them on other machines.
 * Fields are aligned to their size, so that no compiler has anything to pad. Text is padded with zeros.
 * The first index of an array varies slowest. A field whose name C++ reserves has an underscore after it. */
#ifndef ESF_H
#define ESF_H

#include <stdint.h>

#define ESF_VERSION 1
#define ESF_RECORD_LENGTH 576
#define ESF_MAX_CHOICES 64
#define ESF_MAX_COUNT 268435455

typedef struct {
    uint8_t magic[8];  /*    0: mark of the format */
    uint16_t format_version;  /*    8: version of the format */
    uint16_t record_length;  /*   10: length, in bytes */
    char model[32];  /*   12: model, hardware and firmware */
    char machine_serial[12];  /*   44: serial number of the machine */
    char module_serial[12];  /*   56: serial number of the module */
    char machine_seal[12];  /*   68: seal on the machine */
    char module_seal[12];  /*   80: seal on the module */
    char election[24];  /*   92: id of the election */
    char constituency[8];  /*  116: constituency */
    char insee[8];  /*  124: INSEE code of the commune */
    char bureau[8];  /*  132: code of the bureau de vote */
    uint32_t date;  /*  140: polling day, YYYYMMDD */
    uint8_t round;  /*  144: round */
    uint8_t poll;  /*  145: number of the poll of that day */
    uint8_t part;  /*  146: part of the bureau's day */
    uint8_t choices;  /*  147: number of choices */
    uint32_t registered;  /*  148: registered voters */
    uint32_t zero_check;  /*  152: zero check */
    uint32_t opening;  /*  156: opening of the poll */
    uint32_t closing;  /*  160: closing of the poll */
    uint32_t export_;  /*  164: time of this export */
    uint32_t zero_sum;  /*  168: sum of all counters at the zero check */
    uint32_t voters;  /*  172: public counter of voters */
    uint32_t enablings;  /*  176: enablings by the president */
    uint32_t cancellations;  /*  180: enablings ended without a vote */
    uint32_t cast;  /*  184: votes cast, blank ones included */
    uint32_t blank;  /*  188: blank votes */
    uint8_t choices_digest[32];  /*  192: SHA-256 of the choice list */
    uint8_t module_digest[32];  /*  224: SHA-256 of the module image */
    uint32_t tallies[64];  /*  256: votes of each choice */
    uint8_t reserved[60];  /*  512: reserved */
    uint32_t crc32;  /*  572: checksum of all bytes before it */
} esf_record;  /* 576 bytes */

#endif
