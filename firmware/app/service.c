#include "service.h"

#include "bench.h"
#include "clock.h"
#include "command.h"
#include "flash_chip.h"
#include "hardware/clocks.h"
#include "memory_map.h"
#include "model_config.h"
#include "pico/bootrom.h"
#include "pico/stdio.h"
#include "pico/stdio_uart.h"
#include "pico/stdio_usb.h"
#include "pico/time.h"
#include "record.h"
#include "speak.h"
#include "stream.h"

/** Sleep between looks at the input: a UART buffers the characters of 2.7 ms. */
#define IDLE_MICROSECONDS 2000
/** Sleep where input interrupts it. */
#define INTERRUPTED_IDLE_MICROSECONDS 10000000
/** Time for a terminal on USB to connect before the UART gets the first hello. */
#define TERMINAL_MICROSECONDS 40000

static command_reader reader;
/** Whether a terminal has the USB port open; as of the last look. */
static bool speaks_over_usb;

static void send_shape(const sm_image_header *header) {
    record_open("shape");
    record_number("vocab_size", header->vocab_size);
    record_number("dim", header->dim);
    record_number("hidden_dim", header->hidden_dim);
    record_number("n_layers", header->n_layers);
    record_number("n_heads", header->n_heads);
    record_number("n_kv_heads", header->n_kv_heads);
    record_number("head_dim", header->head_dim);
    record_number("max_seq_len", header->max_seq_len);
    record_close();
}

/** Sends the defaults for options that a command leaves out; fractions have 16 fractional bits. */
static void send_sampling(const sm_image_header *header) {
    const sm_sampling sampling = sm_default_sampling(header);
    record_open("sampling");
    record_number("temperature_q16", sampling.temperature);
    record_number("top_k", sampling.top_k);
    record_number("top_p_q16", sampling.top_p);
    record_close();
}

/** Sends the number of tensors in each format. */
static void send_formats(const sm_model *model) {
    record_open("formats");
    for (uint8_t format = 0; format < SM_FORMAT_COUNT; format++) {
        const uint32_t count = sm_tensors_in_format(model, format);
        if (count) record_number(sm_format_name(format), count);
    }
    record_close();
}

static void send_hello(const model_store *store) {
    record_begin("hello");
    record_string("firmware", FIRMWARE_VERSION);
    record_string("program", STARMIND_PROGRAM);
    record_number("protocol", PROTOCOL_VERSION);
    record_string("board", STARMIND_BOARD);
    if (flash_chip_bytes()) record_number("flash_bytes", flash_chip_bytes());
    record_number("clock_mhz", clock_get_hz(clk_sys) / 1000000u);
    record_number("clock_hz", clock_get_hz(clk_sys));
    record_number("core_millivolts", clock_core_millivolts());
    record_string("clock", clock_problem() ? clock_problem() : "ok");
    record_number("cores", STARMIND_CORES);
    record_number("streams", SM_STREAMS);
    record_string("image", store->problem ? store->problem : "ok");
    if (!store->problem) {
        const sm_image_header *header = store->model.header;
        record_hex("model", header->content_hash, SM_HASH_BYTES);
        record_hex("tokenizer", header->tokenizer_hash, SM_HASH_BYTES);
        send_shape(header);
        send_sampling(header);
        send_formats(&store->model);
    }
    record_open("memory");
    memory_map_record(model_store_weights_bytes(), model_store_arena_bytes());
    if (model_store_pool_bytes()) record_number("pool", model_store_pool_bytes());
    record_close();
    memory_map_record_peaks();
    record_end();
}

static void send_ready(void) {
    record_begin("ready");
    record_end();
}

/**
 * Uses USB while a terminal has that port open, else UART: never both, since the UART needs
 * milliseconds a record. Greets the host on the new port.
 */
static void choose_port(const model_store *store, bool usb) {
    speaks_over_usb = usb;
    stdio_filter_driver(usb ? &stdio_usb : &stdio_uart);
    /* A line begun on the other port must not continue here. */
    command_reader_clear(&reader);
    send_hello(store);
    send_ready();
}

/** Reads the pending input. Returns the state of the line being collected. */
static line_state read_line(void) {
    line_state state = LINE_INCOMPLETE;
    while (state == LINE_INCOMPLETE) {
        const int character = getchar_timeout_us(0);
        if (character < 0) break;
        state = command_reader_push(&reader, (char)character);
    }
    return state;
}

/** Reads a command if a line is complete; reports an error to the host for an invalid one. */
static bool read_command(command *parsed) {
    const line_state state = read_line();
    if (state == LINE_INCOMPLETE) return false;
    const char *problem = NULL;
    /* An answer to an echo would be echoed too, and that answered, without end. */
    const bool echo = command_reader_holds_echo(&reader);
    if (!echo) {
        problem =
            state == LINE_TOO_LONG ? "the line is too long" : command_parse(reader.line, parsed);
    }
    command_reader_clear(&reader);
    if (problem) record_error("command", problem);
    return !problem && !echo;
}

/** While generating, the board obeys only stop; a terminal that closes the port stops it too. */
static bool host_says_stop(void) {
    if (speaks_over_usb && !stdio_usb_connected()) return true;
    command heard;
    if (!read_command(&heard)) return false;
    if (heard.kind == COMMAND_STOP) return true;
    record_error("busy", "only stop is heard while the model speaks");
    return false;
}

static void execute(model_store *store, const command *parsed) {
    switch (parsed->kind) {
    case COMMAND_INFO: send_hello(store); return;
    case COMMAND_STOP: return;
    case COMMAND_BOOTSEL: reset_usb_boot(0, 0); return;
    case COMMAND_GENERATE:
    case COMMAND_BENCH: break;
    }
    if (store->problem) {
        record_error("model", store->problem);
    } else if (clock_problem()) {
        record_error("clock", clock_problem());
    } else if (parsed->kind == COMMAND_BENCH) {
        bench_run(&store->engine);
    } else {
        speak(&store->engine, parsed, host_says_stop);
    }
}

/**
 * A terminal that waits for the board opens the USB port within milliseconds. A hello over UART
 * would delay it by the time that takes to send: 40 ms.
 */
static void await_terminal(void) {
    for (uint32_t waited = 0; waited < TERMINAL_MICROSECONDS; waited += IDLE_MICROSECONDS) {
        if (stdio_usb_connected()) return;
        sleep_us(IDLE_MICROSECONDS);
    }
}

/** Sleeps until there may be input, or a terminal may have connected or left. */
static void rest(void) {
    if (!speaks_over_usb) return sleep_us(IDLE_MICROSECONDS);
    (void)best_effort_wfe_or_timeout(make_timeout_time_us(INTERRUPTED_IDLE_MICROSECONDS));
}

_Noreturn void service_run(model_store *store) {
    await_terminal();
    choose_port(store, stdio_usb_connected());
    for (;;) {
        const bool usb = stdio_usb_connected();
        if (usb != speaks_over_usb) choose_port(store, usb);

        command parsed = {.tokens = UINT32_MAX};
        /* Without a model, execute refuses to generate. */
        if (!store->problem) parsed.sampling = sm_default_sampling(store->model.header);
        if (read_command(&parsed)) {
            execute(store, &parsed);
            send_ready();
        } else {
            rest();
        }
    }
}
