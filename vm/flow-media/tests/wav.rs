//! WAV files: what is read, and how the others are refused.

use flow_media::{Codec, Sound, WavError, read_wav, wav_header};

/// A file with one `fmt ` and one `data` chunk.
fn file(tag: u16, channels: u16, rate: u32, bits: u16, data: &[u8]) -> Vec<u8> {
    let mut file = wav_header(data.len() as u32 / 2).to_vec();
    file[20..22].copy_from_slice(&tag.to_le_bytes());
    file[22..24].copy_from_slice(&channels.to_le_bytes());
    file[24..28].copy_from_slice(&rate.to_le_bytes());
    let block = channels.wrapping_mul(bits / 8);
    file[28..32].copy_from_slice(&rate.wrapping_mul(block.into()).to_le_bytes());
    file[32..34].copy_from_slice(&block.to_le_bytes());
    file[34..36].copy_from_slice(&bits.to_le_bytes());
    file[40..44].copy_from_slice(&(data.len() as u32).to_le_bytes());
    file.extend_from_slice(data);
    let riff = (file.len() - 8) as u32;
    file[4..8].copy_from_slice(&riff.to_le_bytes());
    file
}

fn octets(samples: &[i16]) -> Vec<u8> {
    samples.iter().flat_map(|sample| sample.to_le_bytes()).collect()
}

#[test]
fn pcm_at_eight_kilohertz_comes_as_it_is() {
    let samples = [0, 1, -1, 32_767, -32_768, 1_234];
    assert_eq!(read_wav(&file(1, 1, 8_000, 16, &octets(&samples))).unwrap(), samples);
}

#[test]
fn what_the_recorder_writes_is_read() {
    let samples = [5i16; 160];
    let mut recording = wav_header(160).to_vec();
    recording.extend(octets(&samples));
    assert_eq!(read_wav(&recording).unwrap(), samples);
    assert_eq!(read_wav(&wav_header(0)).unwrap(), [0i16; 0]);
}

#[test]
fn stereo_is_mixed_and_rates_are_brought_to_ours() {
    assert_eq!(read_wav(&file(1, 2, 8_000, 16, &octets(&[100, 300, -50, 50]))).unwrap(), [200, 0]);
    assert_eq!(read_wav(&file(1, 1, 16_000, 16, &octets(&[1_000; 1_600]))).unwrap().len(), 800);
    let level = read_wav(&file(1, 1, 44_100, 16, &octets(&[1_000; 4_410]))).unwrap();
    assert_eq!(level.len(), 800);
    assert!(
        level.iter().all(|sample| (990..=1_010).contains(sample)),
        "a constant stays one, to its very ends"
    );
}

#[test]
fn g711_files_are_decoded() {
    assert_eq!(read_wav(&file(7, 1, 8_000, 8, &[0x80, 0xFF])).unwrap(), [32_124, 0]);
    assert_eq!(read_wav(&file(6, 1, 8_000, 8, &[0xAA, 0xD5])).unwrap(), [32_256, 8]);
}

#[test]
fn other_chunks_are_passed_over() {
    let plain = file(1, 1, 8_000, 16, &octets(&[7; 10]));
    let mut file = plain[..36].to_vec();
    file.extend_from_slice(b"LIST\x03\x00\x00\x00abc\x00");
    file.extend_from_slice(&plain[36..]);
    let riff = (file.len() - 8) as u32;
    file[4..8].copy_from_slice(&riff.to_le_bytes());
    assert_eq!(read_wav(&file).unwrap(), [7; 10]);
}

#[test]
fn hostile_files_are_refused_in_words() {
    let whole = file(1, 1, 8_000, 16, &octets(&[7; 100]));
    let mut huge = whole.clone();
    huge[40..44].copy_from_slice(&u32::MAX.to_le_bytes());
    let mut short_format = whole.clone();
    short_format[16..20].copy_from_slice(&4u32.to_le_bytes());
    let refused: Vec<(&str, Vec<u8>)> = vec![
        ("empty", vec![]),
        ("an MP3", b"ID3\x04\x00\x00\x00\x00\x00\x23TSSE and so on".to_vec()),
        ("a chunk of 4 GiB", huge),
        ("cut off", whole[..100].to_vec()),
        ("cut off in its head", whole[..20].to_vec()),
        ("no audio", whole[..36].to_vec()),
        ("a format chunk that is too short", short_format),
        ("0 Hz", file(1, 1, 0, 16, &octets(&[7; 100]))),
        ("4 GHz", file(1, 1, u32::MAX, 16, &octets(&[7; 100]))),
        ("no channel", file(1, 0, 8_000, 16, &octets(&[7; 100]))),
        ("a thousand channels", file(1, 1_000, 8_000, 16, &octets(&[7; 100]))),
        ("8-bit PCM", file(1, 1, 8_000, 8, &[7; 100])),
        ("floating point", file(3, 1, 8_000, 32, &[7; 100])),
        ("MPEG inside", file(0x55, 1, 8_000, 16, &[7; 100])),
        ("hours", file(7, 1, 4_000, 8, &vec![0xFF; 14_400_001])),
    ];
    let told: Vec<String> =
        refused.iter().map(|(name, file)| format!("{name}: {}", read_wav(file).expect_err(name))).collect();
    insta::assert_snapshot!(told.join("\n"));
    assert_eq!(read_wav(b"RIFF"), Err(WavError::NotWav));
}

#[test]
fn a_sound_is_whole_frames_in_both_laws() {
    let sound = Sound::from_wav(&file(1, 1, 8_000, 16, &octets(&[32_767; 200]))).unwrap();
    assert_eq!((sound.frames(), sound.duration().as_millis()), (2, 40));
    assert_eq!(sound.frame(Codec::Pcmu, 0).unwrap(), [0x80; 160]);
    assert_eq!(sound.frame(Codec::Pcma, 0).unwrap(), [0xAA; 160]);
    let last = sound.frame(Codec::Pcmu, 1).unwrap();
    assert_eq!((&last[..40], &last[40..]), (&[0x80; 40][..], &[0xFF; 120][..]), "filled up with silence");
    assert_eq!(sound.frame(Codec::Pcmu, 2), None);
    assert_eq!(sound.frame(Codec::Pcmu, u32::MAX), None);
}

#[test]
fn what_hound_writes_is_read_as_hound_reads_it() {
    for (channels, rate) in [(1, 8_000), (2, 8_000), (1, 16_000), (2, 48_000)] {
        let spec = hound::WavSpec {
            channels,
            sample_rate: rate,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut file = std::io::Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut file, spec).unwrap();
        for n in 0..rate {
            for _ in 0..channels {
                writer.write_sample((f64::from(n) * 0.05).sin().mul_add(9_000.0, 0.0) as i16).unwrap();
            }
        }
        writer.finalize().unwrap();
        let file = file.into_inner();
        let ours = read_wav(&file).unwrap();
        assert_eq!(ours.len(), 8_000);
        if rate == 8_000 {
            let theirs = hound::WavReader::new(&file[..]).unwrap().into_samples::<i16>().map(Result::unwrap);
            assert_eq!(ours, theirs.step_by(channels.into()).collect::<Vec<_>>());
        }
    }
}
