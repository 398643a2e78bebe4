// Generates server and client from the contract, without protoc.
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::var("ROUTEGUIDE_PROTO")?;
    println!("cargo::rerun-if-changed={folder}");
    let files = protox::compile(["routeguide/route_guide.proto"], [&folder])?;
    tonic_prost_build::configure().compile_fds(files)?;
    Ok(())
}
